import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, 'manifests');
const COUNT = 60;

export async function writeManifests() {
  await mkdir(FOLDER, { recursive: true });
  for (let id = 0; id < COUNT; id += 1) {
    const containers = Array.from({ length: 12 }, (_, box) => ({
      box,
      seal: `S${id}${box}`,
      kg: 900 + box * 40,
    }));
    await writeFile(join(FOLDER, `${id}.json`), JSON.stringify({ id, containers }));
  }
}

export async function manifestOf(id) {
  const { containers } = JSON.parse(await readFile(join(FOLDER, `${Number(id)}.json`), 'utf8'));
  return { id, containers: containers.length, kg: containers.reduce((sum, { kg }) => sum + kg, 0) };
}
