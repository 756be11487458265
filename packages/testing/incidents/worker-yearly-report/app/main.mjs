// Stock: what came in and went out of the warehouse. Reports are made in a worker, one at a time.
import { createServer } from 'node:http';
import { log } from './log.mjs';
import { reportFor } from './reports.mjs';
import { articleNames, stockOf } from './stock.mjs';

const routes = {
  '/stock': async (query) => stockOf(query.get('article') ?? 'A1'),
  '/articles': async () => articleNames(),
  '/report': async (query) => reportFor(Number(query.get('days') ?? 30)),
  '/health': async () => ({ ok: true }),
};

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const route = routes[url.pathname];
  try {
    const answer = route === undefined ? undefined : await route(url.searchParams);
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  } catch (error) {
    log('no answer', { url: request.url, reason: error.message });
    response.writeHead(500).end();
  }
});

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  process.stdout.write(`listening ${server.address().port}\n`);
});
