// Keeps the converter running and hands it pictures: a line of JSON for each, answered by a line.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { log } from './log.mjs';

const AGAIN_AFTER_MS = 400;
const PATIENCE_MS = 5_000;

const waiting = new Map();
let converter;

export function startConverter() {
  converter = spawn(process.execPath, [fileURLToPath(new URL('./converter.mjs', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  // What is written to one that has ended is sent again to the next.
  converter.stdin.on('error', () => undefined);
  createInterface({ input: converter.stdout }).on('line', onAnswer);
  converter.on('exit', (code, signal) => {
    converter = undefined;
    log('converter ended', { code, signal });
    setTimeout(startConverter, AGAIN_AFTER_MS);
  });
  for (const { picture } of waiting.values()) send(picture);
}

export function convert(picture) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      waiting.delete(picture.id);
      reject(new Error('the converter did not answer in time'));
    }, PATIENCE_MS);
    waiting.set(picture.id, { picture, resolve, timer });
    if (converter !== undefined) send(picture);
  });
}

export const conversionStatus = () => ({ waiting: waiting.size, isUp: converter !== undefined });

function send({ id, bytes }) {
  converter.stdin.write(`${JSON.stringify({ id, bytes: bytes.toString('base64') })}\n`);
}

function onAnswer(line) {
  const { id, preview } = JSON.parse(line);
  const one = waiting.get(id);
  if (one === undefined) return;
  clearTimeout(one.timer);
  waiting.delete(id);
  one.resolve(preview);
}
