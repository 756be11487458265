// Flats to let: facts, plans and districts.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { factsOf, planOf } from './archive.mjs';
import { districts } from './districts.mjs';
import { log } from './log.mjs';
import { recall, remember } from './recent.mjs';

const counts = { flats: 0, plans: 0, refused: 0 };

async function flat(id) {
  counts.flats += 1;
  const facts = recall(id) ?? (await factsOf(id));
  remember(id, facts);
  return JSON.stringify(facts);
}

async function plan(id) {
  counts.plans += 1;
  const bytes = await planOf(id);
  const etag = createHash('md5').update(bytes).digest('hex');
  return JSON.stringify({ etag, plan: bytes.toString('base64') });
}

async function answer(path) {
  if (path === '/districts') return JSON.stringify(districts());
  const [, id, part] = /^\/flats\/(\d+)(\/plan)?$/.exec(path) ?? [];
  if (id === undefined) return undefined;
  return part === undefined ? flat(id) : plan(id);
}

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  try {
    const text = await answer(pathname);
    response.writeHead(text === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(text ?? '{}');
  } catch (error) {
    counts.refused += 1;
    if (error.status === undefined) log.warn('request', { path: pathname, reason: error.message });
    response.writeHead(error.status ?? 500, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ reason: error.message }));
  }
});

setInterval(() => log.info('served', counts), 10_000).unref();

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  process.stdout.write(`listening ${server.address().port}\n`);
});
