import { createServer } from 'node:http';
import { migrate } from './database.mjs';
import { find, list } from './invoices.mjs';
import { createLogger } from './log.mjs';
import { turnover } from './turnover.mjs';

const log = createLogger('http');

const routes = [
  [/^\/customers\/(\d+)\/invoices$/, (id) => list(Number(id))],
  [/^\/invoices\/(\d+)$/, (id) => find(Number(id))],
  [/^\/turnover$/, () => turnover()],
];

async function answer(path) {
  for (const [pattern, handler] of routes) {
    const match = pattern.exec(path);
    if (match !== null) return handler(...match.slice(1));
  }
  return undefined;
}

const server = createServer(async (request, response) => {
  const startedAt = performance.now();
  const { pathname } = new URL(request.url, 'http://localhost');
  let status = 200;
  try {
    const value = await answer(pathname);
    if (value === undefined) status = 404;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value ?? { error: 'not found' }));
  } catch (error) {
    status = 500;
    log.error('request failed', { path: pathname, reason: error.message });
    response.writeHead(status).end();
  }
  log.info('served', { path: pathname, status, ms: Math.round(performance.now() - startedAt) });
});

await migrate();
server.listen(Number(process.env.PORT ?? 3000), () => {
  process.stdout.write(`listening ${server.address().port}\n`);
});
