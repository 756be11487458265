// Hands letters to the renderer and its answers back.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { log } from './log.mjs';

const AGAIN_AFTER_MS = 1_000;
const PATIENCE_MS = 5_000;

const waiting = new Map();
let renderer;
let lastId = 0;

export function startRenderer() {
  renderer = fork(fileURLToPath(new URL('./renderer.mjs', import.meta.url)), [], { execArgv: [] });
  renderer.on('message', ({ id, page }) => settle(id, page));
  renderer.on('exit', (code, signal) => {
    log('renderer ended', { code, signal });
    renderer = undefined;
    setTimeout(startRenderer, AGAIN_AFTER_MS);
  });
}

export function draw(letter) {
  lastId += 1;
  const id = lastId;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      waiting.delete(id);
      reject(new Error('the renderer did not answer in time'));
    }, PATIENCE_MS);
    waiting.set(id, { resolve, timer });
    renderer?.send({ id, letter });
  });
}

export const rendererStatus = () => ({ isUp: renderer !== undefined, waiting: waiting.size });

function settle(id, page) {
  const one = waiting.get(id);
  if (one === undefined) return;
  clearTimeout(one.timer);
  waiting.delete(id);
  one.resolve(page);
}
