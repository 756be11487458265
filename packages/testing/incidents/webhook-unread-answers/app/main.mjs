// The order service: takes orders, and tells those who have subscribed what becomes of them.
import { createServer } from 'node:http';
import { createDeliveries } from './delivery.mjs';
import { log } from './log.mjs';
import { createOrders } from './orders.mjs';
import { readJson } from './read-json.mjs';
import { subscribersOf } from './subscribers.mjs';

const orders = createOrders();
const deliveries = createDeliveries();

async function placeOrder(request) {
  const order = orders.place(await readJson(request));
  for (const subscriber of subscribersOf('order.placed'))
    deliveries.enqueue(subscriber, { type: 'order.placed', order });
  return { status: 201, body: order };
}

async function answer(request) {
  const { method, url } = request;
  if (method === 'POST' && url === '/orders') return placeOrder(request);
  if (method === 'GET' && url === '/orders') return { status: 200, body: orders.latest(20) };
  if (method === 'GET' && url === '/deliveries') return { status: 200, body: deliveries.stats() };
  return { status: 404, body: { error: 'not found' } };
}

const server = createServer(async (request, response) => {
  try {
    const { status, body } = await answer(request);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  } catch (error) {
    log.error('request', { url: request.url, message: error.message });
    response.writeHead(500).end();
  }
});

setInterval(() => log.info('deliveries', deliveries.stats()), 10_000);

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening ${server.address().port}`);
});
