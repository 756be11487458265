// Main's side of the exit protocol: whatever way the process ends, the recorder's inspector session is given up
// first: within 1 ms as a rule, within 350 ms when nobody is scheduled. Installs no signal handler and changes no exit code.
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { askClose, type ExitWord, isGone, threadIdOf, waitGone } from '../exit-word.ts';

/**
 * How long main waits for the recorder, in ms. It answers in 1 ms (p99 of a quiet machine: 17; of an overloaded one
 * 79, longest 198); with a bound of 50, one in 1,000 ends on an overloaded machine printed Node's line.
 */
const ANSWER_MS = 250;
/** How long main waits for the thread to be gone after a terminate, in ms. */
const TERMINATE_MS = 100;

export interface ExitGuardOptions {
  readonly word: ExitWord;
  /** Ends the recorder thread when it does not answer. */
  readonly terminate: () => void;
}

/** Guards every way that runs Node's exit hook; returns the undo, which leaves wrappers of others alone. */
export function installExitGuard(options: ExitGuardOptions): () => void {
  const close = (): void => closeSession(options);
  // Prepended: an earlier `exit` listener may call process.exit itself, and later ones would never run.
  process.prependListener('exit', close);
  const undo = [
    wrap('reallyExit', () => close()),
    // The re-raise idiom of a graceful shutdown: no `exit` event, but Node's hook runs.
    wrap('kill', (args) => {
      if (killsSelf(args)) close();
    }),
    wrap('execve', () => close()),
  ];
  return () => {
    process.off('exit', close);
    for (const restore of undo) restore();
  };
}

/** Blocking, idempotent, never throws. */
function closeSession({ word, terminate }: ExitGuardOptions): void {
  try {
    askClose(word);
    if (isGone(word) || waitGone(word, ANSWER_MS)) return;
    terminate();
    waitThreadGone(word);
  } catch {
    // The process is ending: nothing may stand in its way, and there is nobody left to tell.
  }
}

function waitThreadGone(word: ExitWord): void {
  const tid = threadIdOf(word);
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0; waited < TERMINATE_MS; waited++) {
    if (isGone(word) || (tid !== 0 && !existsSync(`/proc/self/task/${tid}`))) return;
    Atomics.wait(pause, 0, 0, 1);
  }
}

type ProcessFunctions = Record<string, ((...args: unknown[]) => unknown) | undefined>;

function wrap(name: string, before: (args: readonly unknown[]) => void): () => void {
  const holder = process as unknown as ProcessFunctions;
  const original = holder[name];
  if (typeof original !== 'function') return () => {};
  const wrapper = function (this: unknown, ...args: unknown[]): unknown {
    before(args);
    return Reflect.apply(original, this, args);
  };
  Object.defineProperty(wrapper, 'name', { value: name });
  holder[name] = wrapper;
  return () => {
    if (holder[name] === wrapper) holder[name] = original;
  };
}

function killsSelf([pid, signal = 'SIGTERM']: readonly unknown[]): boolean {
  const target = Number(pid);
  if (target !== process.pid && target !== 0 && target !== -process.pid) return false;
  return signal !== 0 && process.listenerCount(signalName(signal)) === 0;
}

function signalName(signal: unknown): string {
  if (typeof signal !== 'number') return String(signal);
  return Object.entries(constants.signals).find(([, number]) => number === signal)?.[0] ?? String(signal);
}
