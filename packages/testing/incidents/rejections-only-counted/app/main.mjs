import { createServer } from 'node:http';
import { createLogger } from './log.mjs';
import { exposition } from './metrics.mjs';
import { find, place } from './orders.mjs';

const log = createLogger('http');

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString());
}

function send(response, status, value) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  try {
    if (request.method === 'POST' && pathname === '/orders')
      return send(response, 202, place(await bodyOf(request)));
    if (pathname === '/metrics') return response.end(exposition());
    const order = pathname.startsWith('/orders/') ? find(pathname.slice('/orders/'.length)) : undefined;
    return order === undefined ? send(response, 404, { error: 'not found' }) : send(response, 200, order);
  } catch (error) {
    log.error('%s %s: %s', request.method, pathname, error.message);
    return send(response, 500, { error: 'internal error' });
  }
});

server.listen(Number(process.env.PORT ?? 3000), () => {
  process.stdout.write(`listening ${server.address().port}\n`);
});
