// Contact sheets: photos in, pages with rows of them out; the arranging is done by workers.
import { createServer } from 'node:http';
import { log } from './log.mjs';
import { createPool } from './pool.mjs';

const pool = createPool(new URL('./sheet-worker.mjs', import.meta.url), 2);

const server = createServer(async (request, response) => {
  if (request.method === 'POST' && request.url === '/sheets') return makeSheet(request, response);
  if (request.url === '/pool') return send(response, 200, pool.figures());
  return send(response, 404, { error: 'unknown' });
});

async function makeSheet(request, response) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  const job = JSON.parse(text);
  try {
    send(response, 200, await pool.run(job));
  } catch (error) {
    log('error', 'sheet was not made', { photos: job.photos.length, reason: error.message });
    send(response, 500, { error: 'the sheet was not made' });
  }
}

function send(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening ${server.address().port}`);
});
