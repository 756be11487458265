// Events are handed over some at a time: waking the recorder costs main 15 µs and, on a machine that is busy or
// virtual, up to 1 ms, whatever the number of events.
import type { JsonObject } from '@nodelens/core';

// Taken at load: a user's fake timers must not hold events back.
const later = setTimeout;
const never = clearTimeout;

const DELAY_MS = 250;
const MOST = 64;

export interface Batch {
  add(event: JsonObject): void;
  /** Hands over what is left, and waits no longer. */
  end(): void;
}

export function createBatch(emit: (event: JsonObject) => void): Batch {
  let waiting: JsonObject[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    never(timer);
    timer = undefined;
    const events = waiting;
    waiting = [];
    for (const event of events) emit(event);
  };
  return {
    add(event) {
      waiting.push(event);
      if (waiting.length >= MOST) flush();
      else timer ??= later(flush, DELAY_MS).unref();
    },
    end: flush,
  };
}
