// Carries a fault out in the thread that calls it. Nothing is simulated: the thread really throws, exits, grows or
// loops.
import { isMainThread, parentPort } from 'node:worker_threads';
import type { LethalFault } from './faults.ts';

/** Longer than any run may take. An async loop that was only slowed down must not burn for the whole phase. */
const ASYNC_LOOP_MS = 30_000;
const STRAY_MESSAGES = 2_000;

/** Refused on main, whose end is the service's. */
export function perform(fault: LethalFault): void {
  if (isMainThread) throw new Error(`"${fault}" would end the service itself`);
  endings[fault]();
}

const endings: Readonly<Record<LethalFault, () => void>> = {
  throw: () =>
    setTimeout(() => {
      throw new Error('chaos: nobody catches this');
    }, 0),
  rejection: () => void Promise.reject(new Error('chaos: nobody handles this')),
  exit: () => process.exit(3),
  'out-of-memory': growForEver,
  'sync-loop': loopForEver,
  'async-loop': () => loopAsynchronously(performance.now() + ASYNC_LOOP_MS),
};

/** Messages that nobody expects, to whoever started this thread. */
export function floodParent(): void {
  for (let sent = 0; sent < STRAY_MESSAGES; sent += 1) parentPort?.postMessage({ stray: sent });
}

/** Not by arrays of a fixed size: V8 compiles such a loop to one that nothing can interrupt (docs/chaos.md). */
function growForEver(): void {
  let kept: unknown;
  for (let row = 0; ; row += 1) kept = { kept, row: [row, 2, 3, 4], text: `row ${row}` };
}

function loopForEver(): void {
  for (let turns = 0; ; ) turns += Math.sqrt(turns + 1);
}

function loopAsynchronously(until: number): void {
  if (performance.now() < until) setImmediate(loopAsynchronously, until);
}
