// Keeps the index: word -> contacts. Takes one contact after the other and says so when it is in.
import { parentPort } from 'node:worker_threads';
import { termsOf } from './contact-terms.mjs';

const KEPT_PER_WORD = 200;

const idsByWord = new Map();

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
    parentPort.postMessage({ kind: 'added', id });
    return;
  }
  parentPort.postMessage({ kind: 'found', id, ids: idsByWord.get(word) ?? [] });
});
