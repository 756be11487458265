// How a thread gives way: it obeys the order to rest (cpu-limit.ts) by sleeping for a while at each beat, and while it
// must, others of the process and the machine come first (Linux: elsewhere a priority is the whole process's). One that
// does not beat cannot obey: its host takes its priority.
import { getPriority, setPriority } from 'node:os';

/** Well behind the service, but not starved by it: about a tenth of its weight. */
const NICE = 10;
const THIS_THREAD = 0;
const hasOwnPriorities = process.platform === 'linux';

/** Called at each beat; `word` of the shared words says for how many ms. */
export function obeyRest(heart: Int32Array, word: number): void {
  const restMs = Atomics.load(heart, word);
  if (restMs === 0) return void regainPriority();
  giveWay(THIS_THREAD);
  Atomics.wait(heart, word, restMs, restMs);
}

/** Of any thread of this process, by the kernel's id. Best effort: where it is refused, resting must do. */
export function giveWay(tid: number): void {
  if (!hasOwnPriorities) return;
  try {
    if (getPriority(tid) < NICE) setPriority(tid, NICE);
  } catch {
    // It has ended, or must not.
  }
}

/** Back to the priority of main. @returns false when the thread stays slow: to raise a priority again is a privilege. */
export function regainPriority(): boolean {
  if (!hasOwnPriorities) return true;
  try {
    const usual = getPriority(process.pid);
    if (getPriority(THIS_THREAD) > usual) setPriority(THIS_THREAD, usual);
    return true;
  } catch {
    return false;
  }
}
