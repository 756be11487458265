// Albums as folders and photos as sidecar files: the disk is the only truth.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export function createLibrary(root) {
  const readSidecar = (path) => {
    const facts = JSON.parse(readFileSync(path, 'utf8'));
    return { ...facts, changedAt: statSync(path).mtimeMs };
  };

  const readAlbum = (album) => {
    const photos = [];
    for (const name of readdirSync(join(root, album))) photos.push(readSidecar(join(root, album, name)));
    return photos;
  };

  return {
    overview(sort) {
      return readdirSync(root).map((album) => {
        const photos = readAlbum(album).sort((a, b) => (a[sort] < b[sort] ? 1 : -1));
        return {
          album,
          photos: photos.length,
          cover: photos[0]?.id,
          bytes: photos.reduce((sum, { bytes }) => sum + bytes, 0),
        };
      });
    },
    async photo(album, id) {
      return JSON.parse(await readFile(join(root, album, `${id}.json`), 'utf8'));
    },
    async add(album, facts) {
      await writeFile(join(root, album, `${facts.id}.json`), JSON.stringify(facts));
      return facts;
    },
  };
}
