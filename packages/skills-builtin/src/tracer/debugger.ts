// main's Debugger domain, for as long as a trace lasts: it never pauses, and it is always disabled again, which takes
// every breakpoint away.
import { isError, type JsonObject, type MainInspector, type RecorderContext } from '@nodelens/core';

/** V8's first enabling takes 13 to 220 ms; main may be in a native call besides. */
const ANSWER_MS = 2_000;
/** A setting-up that pauses longer is a stall of its own. */
const HIDDEN_MS = 1_000;

export interface Breakpoint {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
  readonly condition: string;
}

export interface MainDebugger {
  /** Longest answer so far in ms: main paused for that long at most. */
  readonly longestMs: number;
  post(method: string, params?: JsonObject): Promise<JsonObject>;
  /** Returns its undo. */
  breakAt(breakpoint: Breakpoint): Promise<() => Promise<unknown>>;
}

export interface DebuggerHold {
  /** Whether the domain is enabled, or may still be. */
  readonly isHeld: boolean;
  /** Enables it, works, and disables it whatever happens. */
  use<T>(work: (debug: MainDebugger) => Promise<T>): Promise<T>;
}

export function createDebuggerHold({
  inspector,
  ownPause,
}: Pick<RecorderContext, 'inspector' | 'ownPause'>): DebuggerHold {
  let isHeld = false;
  return {
    get isHeld() {
      return isHeld;
    },
    async use(work) {
      isHeld = true;
      const debug = createDebugger({ inspector, ownPause });
      try {
        // First: a `debugger` statement of the app stops main at once when the domain is enabled.
        await debug.post('Debugger.setSkipAllPauses', { skip: true });
        await debug.post('Debugger.enable');
        return await work(debug);
      } finally {
        const isFree = await disable(inspector, ANSWER_MS);
        if (isFree) isHeld = false;
        else
          void disable(inspector, Number.POSITIVE_INFINITY).then(() => {
            isHeld = false;
          });
      }
    },
  };
}

function createDebugger({
  inspector,
  ownPause,
}: Pick<RecorderContext, 'inspector' | 'ownPause'>): MainDebugger {
  let longestMs = 0;
  const post = async (method: string, params: JsonObject = {}): Promise<JsonObject> => {
    const askedAt = performance.now();
    try {
      return await ownPause(() => inspector.post(method, params, { timeoutMs: ANSWER_MS }), HIDDEN_MS);
    } finally {
      longestMs = Math.max(longestMs, performance.now() - askedAt);
    }
  };
  return {
    get longestMs() {
      return longestMs;
    },
    post,
    async breakAt({ condition, ...location }) {
      const { breakpointId } = await post('Debugger.setBreakpoint', { location, condition });
      return () => post('Debugger.removeBreakpoint', { breakpointId: breakpointId ?? null });
    },
  };
}

/** Asks until main answers: a main in a native call serves it afterwards. False when it has not within `maxMs`. */
async function disable(inspector: MainInspector, maxMs: number): Promise<boolean> {
  const until = performance.now() + maxMs;
  do {
    try {
      await inspector.post('Debugger.disable', {}, { timeoutMs: ANSWER_MS });
      return true;
    } catch (error) {
      // Refused: the session is closed, and with it the domain.
      if (!isError(error, 'inspector_no_answer')) return true;
    }
  } while (performance.now() < until);
  return false;
}
