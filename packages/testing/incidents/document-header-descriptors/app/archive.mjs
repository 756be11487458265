// The documents of the inbox, and what is known of them. Descriptions are kept for the documents asked for last.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readHeader } from './headers.mjs';
import { samples } from './samples.mjs';

const KEPT = 20;

export async function createArchive(folder) {
  await mkdir(folder, { recursive: true });
  await Promise.all(samples().map(({ name, bytes }) => writeFile(join(folder, name), bytes)));
  const names = await readdir(folder);
  const descriptions = new Map();

  return {
    names: () => names,
    stats: () => ({ documents: names.length, known: descriptions.size }),
    async describe(name) {
      if (!names.includes(name)) throw Object.assign(new Error(`no document ${name}`), { status: 404 });
      const known = descriptions.get(name);
      if (known !== undefined) return known;
      const description = { name, ...(await readHeader(join(folder, name))) };
      descriptions.set(name, description);
      if (descriptions.size > KEPT) descriptions.delete(descriptions.keys().next().value);
      return description;
    },
  };
}
