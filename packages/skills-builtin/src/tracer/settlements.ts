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
  /** No further calls: only what is pending is still watched. */
  finishEntries(): void;
  /** Judges what has settled meanwhile. */
  flush(): void;
  stop(): void;
}

export interface SettlementListeners {
  /** A promise of ours may have settled; `flush` tells. */
  readonly onNews: () => void;
  /** With the class of the error when it was rejected. */
  readonly onSettled: (durationMs: number, error: string | undefined) => void;
}

export function watchSettlements({ onNews, onSettled }: SettlementListeners): Settlements {
  const startedAt = new Map<object, number>();
  // Told before the promise has its state, and also when it only follows another one: so it is judged later.
  const resolvedAt = new Map<object, number>();
  let newest: object | undefined;
  const stopInit = promiseHooks.onInit((promise) => {
    newest = promise;
  });
  const stopSettled = promiseHooks.onSettled((promise) => {
    if (!startedAt.has(promise)) return;
    resolvedAt.set(promise, now());
    onNews();
  });
  const flush = (): void => {
    for (const [promise, at] of resolvedAt) {
      const state = stateOf(promise);
      if (state.isPending) continue;
      resolvedAt.delete(promise);
      onSettled(at - (startedAt.get(promise) ?? at), state.error);
      startedAt.delete(promise);
    }
  };
  return {
    open(at) {
      const promise = newest;
      newest = undefined;
      flush();
      if (promise !== undefined) startedAt.set(promise, at);
    },
    get pending() {
      return startedAt.size;
    },
    finishEntries() {
      stopInit();
      newest = undefined;
      flush();
    },
    flush,
    stop() {
      stopInit();
      stopSettled();
      startedAt.clear();
      resolvedAt.clear();
      newest = undefined;
    },
  };
}

interface PromiseState {
  readonly isPending: boolean;
  /** The class of the error that it was rejected with. */
  readonly error: string | undefined;
}

const NOT_AN_ERROR = 'not an Error';
const SHALLOW = { depth: 0, customInspect: false, maxArrayLength: 0, maxStringLength: 0 };
const STATE = /^[^{]*\{\s*<(pending|rejected)>\s*\[?([A-Za-z_$][\w$.]*)?/;

/** There is no other way to a promise's state that attaches nothing. The text of an error stays here. */
function stateOf(promise: object): PromiseState {
  try {
    const [, state, error = NOT_AN_ERROR] = STATE.exec(inspect(promise, SHALLOW)) ?? [];
    if (state === 'pending') return { isPending: true, error: undefined };
    return { isPending: false, error: state === 'rejected' ? error.slice(0, 80) : undefined };
  } catch {
    // A getter of the app's error threw.
    return { isPending: false, error: NOT_AN_ERROR };
  }
}
