// Albums on disk. Visitors look at thumbnails and photos; the start page asks for the overview of all albums.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const ALBUMS = 40;
const PHOTOS = 260;

export async function prepare(lab) {
  for (let album = 0; album < ALBUMS; album += 1) {
    const folder = join(lab.dir, 'albums', `album-${album}`);
    await mkdir(folder, { recursive: true });
    for (let photo = 0; photo < PHOTOS; photo += 1)
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
  const looking = lab.every(40, () => lab.request(`/thumbnails/album-${some(ALBUMS)}/photo-${some(PHOTOS)}`));
  const reading = lab.every(150, () => lab.request(`/albums/album-${some(ALBUMS)}/photo-${some(PHOTOS)}`));
  const adding = lab.every(700, () => add(lab, `album-${some(ALBUMS)}`, `new-${some(1_000)}`));
  const opening = lab.every(1_200, () => lab.request('/albums?sort=taken'));
  await Promise.all([looking, reading, adding, opening]);
}

const add = (lab, album, id) =>
  lab.request(`/albums/${album}`, {
    method: 'POST',
    body: JSON.stringify(factsOf(id, 89_999)),
  });
