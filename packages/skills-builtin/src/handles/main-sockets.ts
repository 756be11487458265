// What main tells of its sockets, asked for at a pace that their number allows.
import type { JsonObject, ProbeFeed } from '@nodelens/core';
import { numberOf, objectOf } from '../evidence.ts';
import { waitAtMost } from '../wait-at-most.ts';
import { createPace } from './pace.ts';
import { ANSWER_MS, SNAPSHOT_MS } from './patience.ts';

export type SocketOrder = 'buffered' | 'idle' | 'bytes';

export interface SocketReader {
  /** For snapshots: at most once a second, more seldom where it is dear; undefined while main does not answer. */
  recent(): Promise<JsonObject | undefined>;
  /**
   * Asks now; `watchWritesSeconds`: so long it is watched who writes to those that buffer, until it is asked with 0.
   * Undefined when main does not answer: it is in a native call, or the probe does not run.
   */
  ask(limit: number, order: SocketOrder, watchWritesSeconds?: number): Promise<JsonObject | undefined>;
}

/** One that is older tells nothing of the present. */
const MAX_AGE_MS = 30_000;

export function createSocketReader(feed: ProbeFeed, now: () => number): SocketReader {
  const pace = createPace(950);
  let last: { readonly atMs: number; readonly told: JsonObject } | undefined;
  let asking: Promise<unknown> | undefined;
  const read = async (question: JsonObject) => {
    try {
      const told = objectOf(await feed.ask({ what: 'sockets', ...question }, { timeoutMs: ANSWER_MS }));
      pace.spent(numberOf(told.tookMs));
      last = { atMs: now(), told };
      return told;
    } catch {
      return undefined;
    }
  };
  return {
    ask: (limit, order, watchWritesSeconds) =>
      read({ limit, order, ...(watchWritesSeconds !== undefined && { watchWritesSeconds }) }),
    async recent() {
      if (pace.isDue())
        asking ??= read({ limit: 1, order: 'buffered' }).finally(() => {
          asking = undefined;
        });
      if (asking !== undefined) await waitAtMost(SNAPSHOT_MS, asking);
      return last !== undefined && now() - last.atMs <= MAX_AGE_MS ? last.told : undefined;
    },
  };
}
