// Sales tax of a basket, for the shop's checkout.
import { createServer } from 'node:http';
import { log } from './log.mjs';
import { countries, ratesOf } from './rates.mjs';
import { receiptCount, remember } from './receipts.mjs';
import { taxOf } from './tax.mjs';

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

const routes = {
  'POST /tax': async (request) => {
    const { country, lines } = await bodyOf(request);
    return remember(taxOf(ratesOf(country), lines));
  },
  'GET /countries': async () => countries(),
  'GET /health': async () => ({ receipts: receiptCount() }),
};

const server = createServer(async (request, response) => {
  const route = routes[`${request.method} ${request.url}`];
  try {
    const answer = route === undefined ? undefined : await route(request);
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  } catch (error) {
    log('no tax', { url: request.url, reason: error.message });
    response.writeHead(422).end();
  }
});

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  process.stdout.write(`listening ${server.address().port}\n`);
});
