// A small photo service: albums on disk, one sidecar file of facts per photo.
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createLibrary } from './library.mjs';
import { createThumbnails } from './thumbnails.mjs';
import { respond, textOf } from './web.mjs';

const root = join(import.meta.dirname, 'albums');
const library = createLibrary(root);
const thumbnails = createThumbnails({ capacity: 300 });

async function route(request) {
  const { pathname, searchParams } = new URL(request.url, 'http://local');
  const [, first, album, photo] = pathname.split('/');
  if (first === 'health') return { up: true };
  if (first === 'thumbnails') return thumbnails.get(`${album}/${photo}`);
  if (first !== 'albums') throw Object.assign(new Error('not found'), { status: 404 });
  if (request.method === 'POST') return library.add(album, JSON.parse(await textOf(request)));
  if (photo !== undefined) return library.photo(album, photo);
  return library.overview(searchParams.get('sort') ?? 'taken');
}

createServer((request, response) => {
  route(request).then(
    (value) => respond(response, 200, value),
    (error) => respond(response, error.status ?? 500, { message: error.message }),
  );
}).listen(Number(process.env.PORT ?? 0), '127.0.0.1', function () {
  console.log(`listening ${this.address().port}`);
});
