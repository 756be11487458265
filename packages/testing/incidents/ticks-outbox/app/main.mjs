// Order intake: orders are checked, forwarded to the ledger over one connection, and answered when it has them.
import { createServer } from 'node:http';
import { createLink } from './link.mjs';
import { createNumbers } from './numbers.mjs';
import { checkOrder } from './orders.mjs';
import { createTotals } from './totals.mjs';

const link = createLink({ port: Number(process.env.LEDGER_PORT), retryMs: 400 });
const numbers = createNumbers(1_000);
const totals = createTotals();

function placeOrder(text, answer) {
  const { order, problem } = checkOrder(text);
  if (problem !== undefined) return answer(422, { problem });
  const placed = { ...order, number: numbers.next() };
  link.forward(placed, () => {
    totals.add(placed);
    answer(201, { number: placed.number });
  });
}

const server = createServer((request, response) => {
  const answer = (status, value) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  };
  if (request.url === '/health') return answer(200, { ledger: link.isUp() });
  if (request.url === '/totals') return answer(200, totals.read());
  if (request.url !== '/orders') return answer(404, { message: 'no such route' });
  let text = '';
  request.setEncoding('utf8');
  request.on('data', (chunk) => {
    text += chunk;
  });
  request.on('end', () => placeOrder(text, answer));
});

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () =>
  console.log(`listening ${server.address().port}`),
);
