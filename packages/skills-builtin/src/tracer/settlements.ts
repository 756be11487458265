// The promise of each call of an async function, and how it ended. V8 makes that promise right before the function's
// first statement, so the newest one at the entry is the call's own. Nothing is attached to it: a `then` would hide an
// unhandled rejection. Runs on main.
import { inspect } from 'node:util';
import { promiseHooks } from 'node:v8';

// Taken at load: a user's fake clock must not stretch the calls.
const now = performance.now.bind(performance);

export interface Settlements {
  /** The call that is being entered. */
  open(startedAt: number): void;
  readonly pending: number;
  /** Entries are no longer told: only what is pending is still watched. */
  finishEntries(): void;
  /** Judges what has settled meanwhile. */
  flush(): void;
  stop(): void;
}

/** @param onSettled with the class of the error when it was rejected */
export function watchSettlements(
  onSettled: (durationMs: number, error: string | undefined) => void,
): Settlements {
  const pending = new Map<object, number>();
  let newest: object | undefined;
  let settled: { readonly promise: object; readonly durationMs: number }[] = [];
  const flush = (): void => {
    if (settled.length === 0) return;
    const ended = settled;
    settled = [];
    for (const { promise, durationMs } of ended) onSettled(durationMs, rejectionOf(promise));
  };
  const stopInit = promiseHooks.onInit((promise) => {
    newest = promise;
  });
  // Called before the promise has its state, so it is judged later.
  const stopSettled = promiseHooks.onSettled((promise) => {
    const startedAt = pending.get(promise);
    if (startedAt === undefined) return;
    pending.delete(promise);
    settled.push({ promise, durationMs: now() - startedAt });
  });
  return {
    open(startedAt) {
      flush();
      if (newest !== undefined) pending.set(newest, startedAt);
      newest = undefined;
    },
    get pending() {
      return pending.size;
    },
    finishEntries() {
      stopInit();
      newest = undefined;
    },
    flush,
    stop() {
      stopInit();
      stopSettled();
      pending.clear();
      settled = [];
      newest = undefined;
    },
  };
}

const NOT_AN_ERROR = 'not an Error';

/** The class of the error that it was rejected with; undefined when it was not. The text of the error stays here. */
function rejectionOf(promise: object): string | undefined {
  const text = inspect(promise, { depth: 0, customInspect: false, maxArrayLength: 0, maxStringLength: 0 });
  const rejected = /^\S*Promise[^{]*\{\s*<rejected>\s*\[?([A-Za-z_$][\w$.]*)?/.exec(text);
  return rejected === null ? undefined : (rejected[1] ?? NOT_AN_ERROR).slice(0, 80);
}
