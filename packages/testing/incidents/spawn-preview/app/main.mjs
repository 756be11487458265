// Documents and their previews, which a tool of the print shop renders.
import { createServer } from 'node:http';
import { createDocuments } from './documents.mjs';
import { createHistory } from './history.mjs';
import { latestPreview, renderPreview } from './previews.mjs';

const documents = createDocuments(300);
const history = createHistory(100);

async function route(request) {
  const [, first, id, part] = request.url.split('/');
  if (first === 'health') return [200, { up: true }];
  if (first === 'history') return [200, history.newest()];
  if (first !== 'documents') return [404, { message: 'no such route' }];
  const document = documents.find(Number(id));
  if (document === undefined) return [404, { message: 'no such document' }];
  if (part !== 'preview') return [200, document];
  if (request.method === 'GET') return [200, latestPreview(document.id) ?? { pages: [] }];
  const preview = await renderPreview(document);
  history.add('preview', { document: document.id, pages: preview.pages.length });
  return [201, preview];
}

const server = createServer((request, response) => {
  route(request)
    .catch((error) => {
      history.add('error', { url: request.url, message: error.message });
      return [500, { message: 'internal error' }];
    })
    .then(([status, value]) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    });
});

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () =>
  console.log(`listening ${server.address().port}`),
);
