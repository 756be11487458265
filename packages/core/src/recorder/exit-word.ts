// One shared number that both threads agree on before main may end: without it Node prints "Waiting for the
// debugger to disconnect...", hangs, or aborts. The order was found by 3,000 ends; see stress/exit.

/** Never connected yet. */
const NONE = 0;
/** The recorder holds a session on main. */
const CONNECTED = 1;
/** Main asked for the session's end. */
const CLOSE_ASKED = 2;
/** There is no session and there never will be one. */
const GONE = 3;

/** [0] the state, [1] the recorder's native thread id (0 where unknown). */
export type ExitWord = Int32Array<SharedArrayBuffer>;

export const createExitWord = (): ExitWord => new Int32Array(new SharedArrayBuffer(8));

/** Recorder: whether it may connect; to be asked before every connect. */
export const claimConnection = (word: ExitWord): boolean =>
  Atomics.compareExchange(word, 0, NONE, CONNECTED) === NONE;

/** Either side: the session is closed, or its thread is dead. */
export function markGone(word: ExitWord): void {
  Atomics.store(word, 0, GONE);
  Atomics.notify(word, 0);
}

export const isGone = (word: ExitWord): boolean => Atomics.load(word, 0) === GONE;

/** Main: asks for the end. Afterwards the recorder can no longer connect. */
export function askClose(word: ExitWord): void {
  if (Atomics.compareExchange(word, 0, NONE, GONE) === NONE) return;
  Atomics.compareExchange(word, 0, CONNECTED, CLOSE_ASKED);
  Atomics.notify(word, 0);
}

/** Main, blocking: whether the session was gone within `ms`. Main serves the disconnect while it waits here. */
export function waitGone(word: ExitWord, ms: number): boolean {
  const until = performance.now() + ms;
  while (!isGone(word)) {
    const rest = until - performance.now();
    if (rest <= 0) return false;
    Atomics.wait(word, 0, CLOSE_ASKED, rest);
  }
  return true;
}

/** Recorder: calls `listener` once when main asks for the end. */
export async function onCloseAsked(word: ExitWord, listener: () => void): Promise<void> {
  while (Atomics.load(word, 0) === CONNECTED) await Atomics.waitAsync(word, 0, CONNECTED).value;
  if (Atomics.load(word, 0) === CLOSE_ASKED) listener();
}

export const setThreadId = (word: ExitWord, tid: number): void => void Atomics.store(word, 1, tid);

export const threadIdOf = (word: ExitWord): number => Atomics.load(word, 1);
