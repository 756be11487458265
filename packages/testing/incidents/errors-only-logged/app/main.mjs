import { createServer } from 'node:http';
import { start as startJob } from './job.mjs';
import { start as startPrinters } from './printers.mjs';
import { add, countOpen } from './sales.mjs';

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString());
}

const server = createServer(async (request, response) => {
  const send = (status, value) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  };
  if (request.method === 'POST' && request.url === '/sales') return send(201, add(await bodyOf(request)));
  if (request.url === '/healthz') return send(200, { status: 'ok', open: countOpen() });
  return send(404, { error: 'not found' });
});

startJob();
startPrinters();
server.listen(Number(process.env.PORT ?? 3000), () => {
  process.stdout.write(`listening ${server.address().port}\n`);
});
