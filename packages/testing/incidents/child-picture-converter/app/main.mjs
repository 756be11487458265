// A picture archive: pictures are put in, a converter beside makes small previews of them.
import { createServer } from 'node:http';
import { conversionStatus, convert, startConverter } from './conversions.mjs';
import { log } from './log.mjs';
import { pictureById, previewOf, savePicture, savePreview } from './pictures.mjs';

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const routes = {
  'POST /pictures': async (request) => {
    const picture = savePicture(await bodyOf(request));
    // The preview follows; nobody waits for it here.
    convert(picture)
      .then((preview) => savePreview(picture.id, preview))
      .catch((error) => log('no preview', { picture: picture.id, reason: error.message }));
    return { id: picture.id };
  },
  'GET /preview': async (_request, query) => {
    const id = Number(query.get('id'));
    return { id, isKnown: pictureById(id) !== undefined, preview: previewOf(id) ?? null };
  },
  'GET /health': async () => conversionStatus(),
};

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const route = routes[`${request.method} ${url.pathname}`];
  try {
    const answer = route === undefined ? undefined : await route(request, url.searchParams);
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  } catch (error) {
    log('request ended early', { url: request.url, reason: error.message });
    response.writeHead(500).end();
  }
});

startConverter();
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  process.stdout.write(`listening ${server.address().port}\n`);
});
