// Albums on disk. Visitors look at thumbnails and photos; the start page asks for the overview of all albums.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const ALBUMS = 40;
/** Of an album, for a first look at how fast the disk is, and at most. */
const FEW_PHOTOS = 60;
const MOST_PHOTOS = 1_500;
const OVERVIEW_MS = 500;
let photos = FEW_PHOTOS;

export async function cost(app) {
  const { createLibrary } = await app('library.mjs');
  const library = createLibrary(join(process.env.GALLERY, 'albums'));
  return () => library.overview('taken');
}

/** So many photos that the overview of all takes half a second. */
export async function prepare(lab) {
  lab.env.GALLERY = lab.dir;
  await lay(lab, 0, FEW_PHOTOS);
  photos = Math.min(MOST_PHOTOS, Math.round((FEW_PHOTOS * OVERVIEW_MS) / (await lab.costMs())));
  await lay(lab, FEW_PHOTOS, photos);
}

async function lay(lab, first, end) {
  for (let album = 0; album < ALBUMS; album += 1) {
    const folder = join(lab.dir, 'albums', `album-${album}`);
    await mkdir(folder, { recursive: true });
    for (let photo = first; photo < end; photo += 1)
      await writeFile(
        join(folder, `photo-${photo}.json`),
        JSON.stringify(factsOf(`photo-${photo}`, album * 977 + photo * 613)),
      );
  }
}

const factsOf = (id, seed) => ({
  id,
  taken: 1_600_000_000 + (seed % 90_000),
  bytes: 20_000 + (seed % 9_000),
  lens: `${24 + (seed % 5) * 11} mm`,
});

export async function drive(lab) {
  const some = (most) => Math.floor(lab.random() * most);
  const looking = lab.every(40, () => lab.request(`/thumbnails/album-${some(ALBUMS)}/photo-${some(photos)}`));
  const reading = lab.every(150, () => lab.request(`/albums/album-${some(ALBUMS)}/photo-${some(photos)}`));
  const adding = lab.every(700, () => add(lab, `album-${some(ALBUMS)}`, `new-${some(1_000)}`));
  const opening = lab.every(1_200, () => lab.request('/albums?sort=taken'));
  await Promise.all([looking, reading, adding, opening]);
}

const add = (lab, album, id) =>
  lab.request(`/albums/${album}`, {
    method: 'POST',
    body: JSON.stringify(factsOf(id, 89_999)),
  });
