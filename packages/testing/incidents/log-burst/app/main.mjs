import { createServer } from 'node:http';
import { createLogger } from './log.mjs';
import { find, quote } from './quotes.mjs';

const log = createLogger('http');

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString());
}

async function answer(request, path) {
  if (request.method === 'POST' && path === '/quotes') return quote(await bodyOf(request));
  if (request.method === 'GET' && path.startsWith('/quotes/')) return find(path.slice('/quotes/'.length));
  if (request.method === 'GET' && path === '/healthz') return { status: 'ok' };
  return undefined;
}

const server = createServer(async (request, response) => {
  const startedAt = performance.now();
  const path = new URL(request.url, 'http://localhost').pathname;
  let status = 200;
  try {
    const value = await answer(request, path);
    if (value === undefined) status = 404;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value ?? { error: 'not found' }));
  } catch (error) {
    status = 400;
    response.writeHead(status).end(JSON.stringify({ error: error.message }));
  }
  log.info('request', {
    method: request.method,
    path,
    status,
    ms: Math.round(performance.now() - startedAt),
  });
});

server.listen(Number(process.env.PORT ?? 3000), () => {
  process.stdout.write(`listening ${server.address().port}\n`);
});
