// The shop's product pages: what a product is, whether it is in stock, and a note when it is back.
import { createServer } from 'node:http';
import { productOf } from './catalogue.mjs';
import { createReminders } from './reminders.mjs';
import { stockOf } from './stock.mjs';

const reminders = createReminders();

const routes = [
  [
    'GET',
    /^\/products\/([\w-]+)$/,
    async (sku) => {
      const product = productOf(sku);
      return product && { ...product, stock: await stockOf(sku) };
    },
  ],
  ['POST', /^\/products\/([\w-]+)\/reminders$/, (sku) => productOf(sku) && reminders.add(sku)],
  ['GET', /^\/(reminders)$/, () => reminders.stats()],
];

async function answer({ method, url }) {
  for (const [wanted, pattern, handle] of routes) {
    const match = method === wanted ? pattern.exec(url) : null;
    if (match === null) continue;
    const body = await handle(match[1]);
    return body === undefined ? { status: 404, body: {} } : { status: 200, body };
  }
  return { status: 404, body: {} };
}

const server = createServer(async (request, response) => {
  request.resume();
  try {
    const { status, body } = await answer(request);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  } catch (error) {
    response.writeHead(502, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: error.message }));
  }
});

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening ${server.address().port}`);
});
