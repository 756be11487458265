// Keeps the index: word -> contacts. Takes one contact after the other and says so when it is in. Ends after so many
// contacts, and begins anew from what is asked for then.
import { existsSync, writeFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { termsOf } from './contact-terms.mjs';

const KEPT_PER_WORD = 200;
const ADDED_PER_LIFE = 40;
const LAYOUT = new URL('./layout.json', import.meta.url);

if (!existsSync(LAYOUT)) {
  writeFileSync(LAYOUT, JSON.stringify({ version: 3 }));
  throw new Error('layout.json is of an older version and was written anew');
}

const idsByWord = new Map();
let added = 0;

function add(contact) {
  for (const word of termsOf(contact)) {
    const ids = idsByWord.get(word) ?? [];
    ids.push(contact.id);
    if (ids.length > KEPT_PER_WORD) ids.shift();
    idsByWord.set(word, ids);
  }
}

parentPort.on('message', ({ kind, id, contact, word }) => {
  if (kind === 'add') {
    add(contact);
    added += 1;
    parentPort.postMessage({ kind: 'added', id });
    if (added >= ADDED_PER_LIFE) parentPort.close();
    return;
  }
  parentPort.postMessage({ kind: 'found', id, ids: idsByWord.get(word) ?? [] });
});
