// Outgoing mail: taken in over HTTP, kept on a volume until the relay has it.
import { createServer } from 'node:http';
import { startDelivery } from './delivery.mjs';
import { log } from './log.mjs';
import { startRetention } from './retention.mjs';
import { counts, keep, openSpool, stateOf } from './spool.mjs';

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const routes = {
  'POST /mails': async (request) => ({ id: await keep(await bodyOf(request)) }),
  'GET /state': async (_request, query) => ({ state: await stateOf(Number(query.get('id'))) }),
  'GET /health': async () => counts(),
};

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const route = routes[`${request.method} ${url.pathname}`];
  try {
    const answer = route === undefined ? undefined : await route(request, url.searchParams);
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  } catch (error) {
    log('mail not taken', { url: request.url, reason: error.message });
    response.writeHead(500).end();
  }
});

await openSpool();
startDelivery(process.env.RELAY_URL);
startRetention();
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  process.stdout.write(`listening ${server.address().port}\n`);
});
