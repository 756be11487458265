// The archive service: what came in by scan, mail and upload, with its kind and size.
import { createServer } from 'node:http';
import { join } from 'node:path';
import { openAccessLog } from './access-log.mjs';
import { createArchive } from './archive.mjs';
import { createRouter } from './router.mjs';

const archive = await createArchive(join(import.meta.dirname, 'inbox'));
const accessLog = openAccessLog(join(import.meta.dirname, 'access.log'));
const router = createRouter(archive);

const server = createServer(async (request, response) => {
  const startedAt = performance.now();
  const { status, body } = await router.answer(request);
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
  accessLog.write({ method: request.method, url: request.url, status, ms: performance.now() - startedAt });
});

setInterval(() => {
  const { known, documents } = archive.stats();
  accessLog.note(`${known} of ${documents} documents are described`);
}, 10_000);

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening ${server.address().port}`);
});
