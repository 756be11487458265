// Albums as folders and photos as sidecar files; their facts are read once and kept as they change.
import { readdirSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export function createLibrary(root) {
  const readAlbum = (album) =>
    readdirSync(join(root, album)).map((name) => JSON.parse(readFileSync(join(root, album, name), 'utf8')));
  const albums = new Map(
    readdirSync(root).map((album) => [album, new Map(readAlbum(album).map((facts) => [facts.id, facts]))]),
  );

  return {
    overview(sort) {
      return [...albums].map(([album, kept]) => {
        const photos = [...kept.values()].sort((a, b) => (a[sort] < b[sort] ? 1 : -1));
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
      albums.get(album)?.set(facts.id, facts);
      return facts;
    },
  };
}
