// Bookings of a ledger, and exports of them that are written in the background.
import { createServer } from 'node:http';
import { createExports } from './exports.mjs';
import { createLedger } from './ledger.mjs';
import { createStore } from './store.mjs';
import { bodyOf, reply } from './wire.mjs';

const ledger = createLedger(20_000);
const exports = createExports({ ledger, store: createStore({ capacity: 200 }) });

async function route(request) {
  const { pathname, searchParams } = new URL(request.url, 'http://local');
  const [, first, id] = pathname.split('/');
  if (first === 'health') return [200, { bookings: ledger.size() }];
  if (first === 'bookings' && request.method === 'POST') return [201, ledger.book(await bodyOf(request))];
  if (first === 'bookings') return [200, ledger.range(Number(searchParams.get('from') ?? 0), 25)];
  if (first !== 'exports') return [404, { message: 'no such route' }];
  if (request.method === 'GET') return [200, await exports.find(id)];
  const job = await exports.start(await bodyOf(request));
  if (searchParams.get('wait') === 'yes') return [200, await exports.settled(job)];
  return [202, { job }];
}

createServer(async (request, response) => {
  try {
    const [status, value] = await route(request);
    reply(response, status, value);
  } catch (error) {
    console.error(JSON.stringify({ url: request.url, message: error.message }));
    reply(response, 500, { message: 'internal error' });
  }
}).listen(Number(process.env.PORT ?? 0), '127.0.0.1', function () {
  console.log(`listening ${this.address().port}`);
});
