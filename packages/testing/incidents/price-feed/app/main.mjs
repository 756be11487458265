// Prices of an exchange, refreshed every other second and served from memory.
import { createServer } from 'node:http';
import { priceOf, symbols } from './book.mjs';
import { startRefreshing } from './refresh.mjs';

const server = createServer((request, response) => {
  const [, section, symbol] = new URL(request.url, 'http://feed').pathname.split('/');
  if (section === 'prices' && symbol !== undefined) return sendPrice(symbol, response);
  if (section === 'symbols') return send(response, 200, symbols);
  return send(response, 404, { error: 'unknown' });
});

function sendPrice(symbol, response) {
  const price = priceOf(symbol);
  return price === undefined ? send(response, 404, { error: 'no such symbol' }) : send(response, 200, price);
}

function send(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening ${server.address().port}`);
  startRefreshing();
});
