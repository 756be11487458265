// The stock of a warehouse: what is on the shelves, and deliveries that are booked in.
import { createServer } from 'node:http';
import { bookIn, lastBookings } from './bookings.mjs';
import { itemOf, stockValue } from './stock.mjs';

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://stock');
  const [, section, id] = pathname.split('/');
  if (section === 'items' && id !== undefined) return sendItem(id, response);
  if (section === 'deliveries' && request.method === 'POST') return bookDelivery(request, response);
  if (section === 'deliveries') return send(response, 200, lastBookings());
  return send(response, 404, { error: 'unknown' });
});

function sendItem(id, response) {
  const item = itemOf(id);
  return item === undefined ? send(response, 404, { error: 'no such item' }) : send(response, 200, item);
}

async function bookDelivery(request, response) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  const { supplier, lines } = JSON.parse(text);
  return send(response, 201, await bookIn(supplier, lines));
}

function send(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening ${server.address().port}`);
});

setInterval(() => console.log(`value of the stock: ${stockValue()}`), 4_000).unref();
