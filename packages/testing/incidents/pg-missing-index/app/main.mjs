import { createServer } from 'node:http';
import { migrate } from './database.mjs';
import { size, waiting } from './depots.mjs';
import { createLogger } from './log.mjs';
import { find, scan } from './parcels.mjs';

const log = createLogger('http');

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString());
}

async function answer(request, path) {
  const [, collection, id, part] = path.split('/');
  if (request.method === 'POST' && collection === 'scans') return scan(await bodyOf(request));
  if (collection === 'parcels') return find(Number(id));
  if (collection === 'depots') return part === 'waiting' ? waiting(Number(id)) : size(Number(id));
  return undefined;
}

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  try {
    const value = await answer(request, pathname);
    response.writeHead(value === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value ?? { error: 'not found' }));
  } catch (error) {
    log.error('request failed', { path: pathname, reason: error.message });
    response.writeHead(500).end();
  }
});

await migrate();
server.listen(Number(process.env.PORT ?? 3000), () => {
  process.stdout.write(`listening ${server.address().port}\n`);
});
