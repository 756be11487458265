import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { lineOf } from './csv.mjs';

const ROWS_PER_PART = 60;
const PART_MS = 15;
const running = new Map();
let last = 0;

/** In parts, so that an export takes no more of the machine than it must. */
async function* partsOf(rows, state) {
  for (let from = 0; from < rows.length; from += ROWS_PER_PART) {
    yield `${rows
      .slice(from, from + ROWS_PER_PART)
      .map(lineOf)
      .join('\n')}\n`;
    state.sent = Math.min(rows.length, from + ROWS_PER_PART);
    await pause(PART_MS);
  }
}

/** A stream of lines; it is among those that run until it closes. */
export function openDownload(rows) {
  last += 1;
  const id = last;
  const state = { id, rows: rows.length, sent: 0, startedAt: Date.now() };
  const stream = Readable.from(partsOf(rows, state), { objectMode: false, highWaterMark: 4_096 });
  running.set(id, { state, stream });
  stream.on('close', () => running.delete(id));
  return stream;
}

export const progress = () => ({
  opened: last,
  running: [...running.values()].slice(-20).map(({ state }) => ({ ...state })),
});
