// Messages of main to the extensions of the recorder thread. Those that come before anybody listens (the skills are
// still being loaded) wait for the listeners that come first, the newest few of them.
import type { JsonValue } from '../json.ts';

const KEPT = 64;

export interface MainMessages {
  deliver(message: JsonValue): void;
  /** Returns the undo. */
  listen(listener: (message: JsonValue) => void): () => void;
}

export function createMainMessages(): MainMessages {
  const listeners = new Set<(message: JsonValue) => void>();
  let early: JsonValue[] = [];
  const deliver = (message: JsonValue): void => {
    if (listeners.size === 0) early = [...early.slice(1 - KEPT), message];
    for (const listener of listeners) listener(message);
  };
  return {
    deliver,
    listen(listener) {
      listeners.add(listener);
      // To all that come in one turn.
      queueMicrotask(() => early.splice(0).forEach(deliver));
      return () => listeners.delete(listener);
    },
  };
}
