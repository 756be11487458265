// A file for each session.
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const folder = process.env.SESSION_DIR;
const NAME = /^[0-9a-f-]{36}$/;

const pathOf = (id) => join(folder, `${id}.json`);

export const openStore = () => mkdir(folder, { recursive: true });

export async function saveSession(session) {
  const id = randomUUID();
  await writeFile(pathOf(id), JSON.stringify(session));
  return id;
}

export async function sessionOf(id) {
  if (!NAME.test(id)) return undefined;
  const text = await readFile(pathOf(id), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
}

export async function endSession(id) {
  if (NAME.test(id)) await rm(pathOf(id), { force: true });
}

/** Ends those that were begun before. */
export async function endOlderThan(sinceMs) {
  for (const name of await readdir(folder)) {
    const { mtimeMs } = await stat(join(folder, name)).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (mtimeMs < sinceMs) await rm(join(folder, name), { force: true });
  }
}
