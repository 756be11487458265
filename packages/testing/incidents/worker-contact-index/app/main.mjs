// The address book's API: contacts are saved here and found by the index that a worker keeps.
import { createServer } from 'node:http';
import { contactById, contactCount, saveContact } from './contacts.mjs';
import { index, indexStatus, search, startWorker } from './indexing.mjs';
import { log } from './log.mjs';

const MOST_RESULTS = 20;

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

const routes = {
  'POST /contacts': async (request) => {
    const contact = saveContact(await bodyOf(request));
    index(contact);
    return { id: contact.id };
  },
  'GET /search': async (_request, url) => {
    const ids = await search((url.searchParams.get('q') ?? '').toLocaleLowerCase('en'));
    return ids.slice(-MOST_RESULTS).map(contactById);
  },
  'GET /health': async () => ({ contacts: contactCount(), index: indexStatus() }),
};

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const route = routes[`${request.method} ${url.pathname}`];
  try {
    const answer = route === undefined ? undefined : await route(request, url);
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { message: 'not found' }));
  } catch (error) {
    log('request failed', { url: request.url, reason: error.message });
    response.writeHead(500).end();
  }
});

startWorker();
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  process.stdout.write(`listening ${server.address().port}\n`);
});
