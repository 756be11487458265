// How many messages main has posted to each worker, and when. `postMessage` stays the same function: only its calls are
// seen (0.1 us each). Ports that the app hands to a worker by itself are not looked at.
import { Worker } from 'node:worker_threads';
import type { JsonObject } from '@nodelens/core';

const monotonic = performance.now.bind(performance);
/** Of so many the times are kept. */
const KEPT = 64;

interface Posted {
  total: number;
  readonly times: Float64Array;
}

export interface Posts {
  /** `total`, and how many of the last {@link KEPT} were posted `withinMs`. */
  of(worker: Worker, withinMs: number): JsonObject;
  stop(): void;
}

export function watchPosts(): Posts {
  const posts = new WeakMap<object, Posted>();
  const note = (worker: object): void => {
    const posted = posts.get(worker) ?? { total: 0, times: new Float64Array(KEPT) };
    if (posted.total === 0) posts.set(worker, posted);
    posted.times[posted.total % KEPT] = monotonic();
    posted.total += 1;
  };
  const { prototype } = Worker;
  const original = prototype.postMessage;
  const watched = new Proxy(original, {
    apply(target, worker: object, args) {
      const result = Reflect.apply(target, worker, args);
      note(worker);
      return result;
    },
  });
  prototype.postMessage = watched;
  return {
    of(worker, withinMs) {
      const { total, times } = posts.get(worker) ?? { total: 0, times: new Float64Array(0) };
      const from = monotonic() - withinMs;
      return { total, within: times.subarray(0, total).filter((at) => at >= from).length };
    },
    stop() {
      if (prototype.postMessage === watched) prototype.postMessage = original;
    },
  };
}
