// Hands contacts to the index, in order and each until it is in.
import { Worker } from 'node:worker_threads';
import { log } from './log.mjs';

const RESTART_AFTER_MS = 150;
const MOST_WAITING = 2_000;
const SEARCH_TIMEOUT_MS = 1_000;

const waiting = [];
const searches = new Map();
let worker;
let inHand;
let lastSearch = 0;

export function startWorker() {
  worker = new Worker(new URL('./index-worker.mjs', import.meta.url));
  worker.on('message', onMessage);
  worker.on('error', (error) => log('index worker ended', { reason: error.message }));
  worker.on('exit', () => {
    worker = undefined;
    if (inHand !== undefined) waiting.unshift(inHand);
    inHand = undefined;
    setTimeout(startWorker, RESTART_AFTER_MS);
  });
  next();
}

export function index(contact) {
  if (waiting.length >= MOST_WAITING) waiting.pop();
  waiting.push(contact);
  next();
}

export function search(word) {
  lastSearch += 1;
  const id = lastSearch;
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle(id, []), SEARCH_TIMEOUT_MS);
    searches.set(id, { resolve, timer });
    worker?.postMessage({ kind: 'find', id, word });
  });
}

export const indexStatus = () => ({ waiting: waiting.length, isUp: worker !== undefined });

function next() {
  if (worker === undefined || inHand !== undefined || waiting.length === 0) return;
  inHand = waiting.shift();
  worker.postMessage({ kind: 'add', id: inHand.id, contact: inHand });
}

function onMessage({ kind, id, ids }) {
  if (kind === 'found') return settle(id, ids);
  inHand = undefined;
  next();
}

function settle(id, ids) {
  const found = searches.get(id);
  if (found === undefined) return;
  clearTimeout(found.timer);
  searches.delete(id);
  found.resolve(ids);
}
