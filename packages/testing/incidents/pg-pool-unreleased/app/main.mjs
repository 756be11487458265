import { createServer } from 'node:http';
import { availability } from './availability.mjs';
import { migrate } from './database.mjs';
import { createLogger } from './log.mjs';
import { menuOf } from './menu.mjs';
import { reserve } from './reservations.mjs';

const log = createLogger('http');

const routes = {
  'GET /availability': ({ query }) =>
    availability({ restaurant: Number(query.get('restaurant')), party: Number(query.get('party')) }),
  'GET /menu': ({ query }) => menuOf(Number(query.get('restaurant'))),
  'POST /reservations': ({ body }) => reserve(body),
  'GET /healthz': () => ({ status: 'ok' }),
};

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return parts.length === 0 ? {} : JSON.parse(Buffer.concat(parts).toString());
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const route = routes[`${request.method} ${url.pathname}`];
  const send = (status, value) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  };
  if (route === undefined) return send(404, { error: 'not found' });
  try {
    send(200, await route({ query: url.searchParams, body: await bodyOf(request) }));
  } catch (error) {
    log.error('request failed', { method: request.method, path: url.pathname, reason: error.message });
    send(503, { error: 'try again later' });
  }
});

await migrate();
server.listen(Number(process.env.PORT ?? 3000), () => {
  process.stdout.write(`listening ${server.address().port}\n`);
});
