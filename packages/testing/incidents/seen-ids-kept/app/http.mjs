import { createServer } from 'node:http';
import { log } from './log.mjs';

export async function readJson(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

export function sendJson(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** `routes`: "GET /path" to handler(request, response, url). */
export function listen(routes, port) {
  let served = 0;
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, 'http://localhost');
    const handler = routes[`${request.method} ${url.pathname}`];
    served += 1;
    if (handler === undefined) return sendJson(response, 404, { error: 'not found' });
    try {
      await handler(request, response, url);
    } catch (error) {
      log.error('request failed', { path: url.pathname, reason: error.message });
      if (!response.headersSent) sendJson(response, 500, { error: 'internal' });
    }
  });
  setInterval(() => log.info('served', { requests: served }), 10_000).unref();
  server.listen(port, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
  return server;
}
