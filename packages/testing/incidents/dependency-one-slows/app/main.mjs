// The trip planner's API.
import { createServer } from 'node:http';
import { log } from './log.mjs';
import { planTrip, quote } from './planner.mjs';
import { reviewsOf } from './reviews.mjs';

const routes = [
  { method: 'GET', path: /^\/trips\/([a-z-]+)$/, run: ([city]) => planTrip(city) },
  { method: 'GET', path: /^\/quotes\/([a-z-]+)$/, run: ([city]) => quote(city) },
  { method: 'GET', path: /^\/reviews\/([a-z-]+)$/, run: ([city]) => reviewsOf(city) },
  { method: 'GET', path: /^\/health$/, run: () => ({ ok: true, uptime: process.uptime() }) },
];

async function answer(request) {
  const { pathname } = new URL(request.url, 'http://planner.local');
  for (const { method, path, run } of routes) {
    const match = method === request.method ? path.exec(pathname) : null;
    if (match !== null) return { status: 200, body: await run(match.slice(1)) };
  }
  return { status: 404, body: { error: 'not found' } };
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
