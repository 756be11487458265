// The ticket service: what customers report, with what they attach.
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { storeAttachment } from './attachments.mjs';
import { createTickets } from './tickets.mjs';

const folder = join(import.meta.dirname, 'attachments');
mkdirSync(folder, { recursive: true });
const tickets = createTickets();

async function attach(id, request) {
  const attachment = await storeAttachment(request, folder);
  tickets.attach(id, attachment);
  return { status: 201, body: attachment };
}

async function answer(request) {
  const { method, url } = request;
  const [, id] = /^\/tickets\/(\d+)\/attachments$/.exec(url) ?? [];
  if (method === 'POST' && id !== undefined) return attach(id, request);
  request.resume();
  if (method === 'GET' && url === '/tickets') return { status: 200, body: tickets.latest() };
  return { status: 404, body: {} };
}

const server = createServer(async (request, response) => {
  try {
    const { status, body } = await answer(request);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  } catch (error) {
    response.writeHead(error.status ?? 500).end(JSON.stringify({ error: error.message }));
  }
});

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening ${server.address().port}`);
});
