// Labels for parcels: single ones for the counter, batches for the night shift.
import { createServer } from 'node:http';
import { labelFor, printBatch } from './labels.mjs';
import { info } from './log.mjs';
import { carrierOf, parcelOf } from './parcels.mjs';

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://labels');
  const [, section, id] = pathname.split('/');
  if (request.method === 'POST' && section === 'batches') return acceptBatch(request, response);
  if (section === 'labels' && id !== undefined) return send(response, 200, labelFor(parcelOf(Number(id))));
  if (section === 'carriers' && id !== undefined) return send(response, 200, carrierOf(Number(id)));
  return send(response, 404, { error: 'unknown' });
});

async function acceptBatch(request, response) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  const { from, count } = JSON.parse(text);
  const labels = await printBatch(from, count);
  info('batch printed', { from, count });
  return send(response, 201, { printed: labels.length });
}

function send(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening ${server.address().port}`);
});
