import { createServer } from 'node:http';
import { find, keep } from './carts.mjs';
import { price } from './pricing.mjs';

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString());
}

const server = createServer(async (request, response) => {
  const send = (status, value) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  };
  const { pathname } = new URL(request.url, 'http://localhost');
  if (request.method === 'POST' && pathname === '/carts/price') {
    const priced = price(await bodyOf(request));
    keep(priced);
    return send(200, priced);
  }
  const cart = pathname.startsWith('/carts/') ? find(pathname.slice('/carts/'.length)) : undefined;
  return cart === undefined ? send(404, { error: 'not found' }) : send(200, cart);
});

server.listen(Number(process.env.PORT ?? 3000), () => {
  process.stdout.write(`listening ${server.address().port}\n`);
});
