// How a thread obeys the order to rest (cpu-limit.ts): at each beat it sleeps for a while, and while it must, others of
// the process and the machine come first (Linux: elsewhere a priority is the whole process's).
import { getPriority, setPriority } from 'node:os';

/** Well behind the service, but not starved by it: about a tenth of its weight. */
const NICE = 10;
const THIS_THREAD = 0;

let ownPriority: number | undefined;

/** Called at each beat; `word` of the shared words says for how many ms. */
export function obeyRest(heart: Int32Array, word: number): void {
  const restMs = Atomics.load(heart, word);
  if (restMs === 0) return void regainPriority();
  giveWay();
  Atomics.wait(heart, word, restMs, restMs);
}

/** @returns false when the thread stays slow: to raise a priority again is a privilege. */
export function regainPriority(): boolean {
  if (ownPriority === undefined) return true;
  try {
    setPriority(THIS_THREAD, ownPriority);
    ownPriority = undefined;
    return true;
  } catch {
    return false;
  }
}

function giveWay(): void {
  if (ownPriority !== undefined || process.platform !== 'linux') return;
  try {
    const before = getPriority(THIS_THREAD);
    if (before >= NICE) return;
    setPriority(THIS_THREAD, NICE);
    ownPriority = before;
  } catch {
    // Then resting must do.
  }
}
