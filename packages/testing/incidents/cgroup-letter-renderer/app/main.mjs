// Letters to customers as pages, drawn by a process beside so that a large one does not hold up the service.
import { createServer } from 'node:http';
import { addressOf } from './addresses.mjs';
import { log } from './log.mjs';
import { draw, rendererStatus, startRenderer } from './rendering.mjs';
import { letterText } from './templates.mjs';

const routes = {
  '/letter': async (query) => {
    const address = addressOf(query.get('customer') ?? '1');
    return draw({ number: Number(query.get('number') ?? 0), text: letterText(query.get('kind'), address) });
  },
  '/address': async (query) => addressOf(query.get('customer') ?? '1'),
  '/health': async () => rendererStatus(),
};

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const route = routes[url.pathname];
  try {
    const answer = route === undefined ? undefined : await route(url.searchParams);
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  } catch (error) {
    log('no letter', { url: request.url, reason: error.message });
    response.writeHead(500).end();
  }
});

startRenderer();
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  process.stdout.write(`listening ${server.address().port}\n`);
});
