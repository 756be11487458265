// Checkout: prices a basket, reserves stock, assesses the order, sends the receipt.
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { checkout } from './checkout.mjs';
import { config } from './config.mjs';
import { UpstreamError } from './http.mjs';
import { log } from './log.mjs';
import { recentOrders } from './orders.mjs';

async function handle(request) {
  const { pathname } = new URL(request.url, 'http://checkout.local');
  switch (`${request.method} ${pathname}`) {
    case 'POST /checkouts':
      return { status: 201, body: await checkout(await json(request)) };
    case 'GET /orders':
      return { status: 200, body: recentOrders() };
    case 'GET /health':
      return { status: 200, body: { ok: true } };
    default:
      return { status: 404, body: { error: 'not found' } };
  }
}

function problem(error) {
  if (error instanceof UpstreamError) return { status: 502, body: { error: 'please try again' } };
  return { status: error instanceof SyntaxError ? 400 : 500, body: { error: 'not possible' } };
}

createServer(async (request, response) => {
  const { status, body } = await handle(request).catch((error) => {
    log.error('could not answer', { url: request.url, reason: error.message, cause: error.cause?.code });
    return problem(error);
  });
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}).listen(config.port, '127.0.0.1', function listening() {
  console.log(`listening ${this.address().port}`);
});
process.once('SIGTERM', () => process.exit(0));
