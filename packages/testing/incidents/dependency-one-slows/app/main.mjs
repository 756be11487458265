// The trip planner's API.
import { createServer } from 'node:http';
import { log } from './log.mjs';
import { planTrip, quote } from './planner.mjs';
import { reviewsOf } from './reviews.mjs';

const routes = {
  'GET /trips': planTrip,
  'GET /quotes': quote,
  'GET /reviews': reviewsOf,
  'GET /health': () => ({ ok: true, uptime: process.uptime() }),
};

async function answer(request) {
  const { pathname, searchParams } = new URL(request.url, 'http://planner.local');
  const run = routes[`${request.method} ${pathname}`];
  if (run === undefined) return { status: 404, body: { error: 'not found' } };
  return { status: 200, body: await run(searchParams.get('city') ?? 'lisbon') };
}

const server = createServer((request, response) => {
  const startedAt = performance.now();
  answer(request)
    .catch((error) => {
      log('error', 'request failed', { url: request.url, error: error.message });
      return { status: 502, body: { error: 'a partner is unavailable' } };
    })
    .then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
      log('info', 'served', { url: request.url, status, ms: Math.round(performance.now() - startedAt) });
    });
});

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening ${server.address().port}`);
});
process.once('SIGTERM', () => process.exit(0));
