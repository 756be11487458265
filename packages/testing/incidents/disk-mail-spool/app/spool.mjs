// Mails as files: first in `new`, after the relay has taken them in `sent`, where support can look them up.
import { mkdir, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const folder = process.env.SPOOL_DIR;
const states = ['new', 'sent'];
let lastId = 0;

const pathOf = (state, id) => join(folder, state, `${String(id).padStart(8, '0')}.eml`);

export const openSpool = () =>
  Promise.all(states.map((state) => mkdir(join(folder, state), { recursive: true })));

export async function keep(mail) {
  lastId += 1;
  const id = lastId;
  await writeFile(pathOf('new', id), mail);
  return id;
}

export const idsIn = async (state) =>
  (await readdir(join(folder, state))).map((name) => Number.parseInt(name, 10)).sort((a, b) => a - b);

export const read = (id) => readFile(pathOf('new', id));

export const markSent = (id) => rename(pathOf('new', id), pathOf('sent', id));

export const removeSent = (id) => unlink(pathOf('sent', id));

export async function stateOf(id) {
  for (const state of states) if ((await idsIn(state)).includes(id)) return state;
  return 'unknown';
}

export async function counts() {
  const [waiting, sent] = await Promise.all(states.map(idsIn));
  return { waiting: waiting.length, sent: sent.length };
}
