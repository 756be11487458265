// Documents stand in a folder; those that were read last are kept.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, 'documents');
const DOCUMENTS = 40;

await mkdir(FOLDER, { recursive: true });
for (let index = 0; index < DOCUMENTS; index += 1)
  await writeFile(join(FOLDER, `d${index}.txt`), `document ${index}\n`.repeat(200));

export async function readDocument(name) {
  const text = await readFile(join(FOLDER, `${name.replace(/\W/g, '')}.txt`), 'utf8');
  return { name, lines: text.split('\n').length, text: text.slice(0, 400) };
}

export async function terms() {
  return { text: (await readFile(join(FOLDER, 'd0.txt'), 'utf8')).slice(0, 200) };
}
