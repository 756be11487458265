// What main tells of its sockets, asked for at a pace that their number allows.
import type { JsonObject, ProbeFeed } from '@nodelens/core';
import { numberOf, objectOf } from '../evidence.ts';
import { createPace } from './pace.ts';

export type SocketOrder = 'buffered' | 'idle' | 'bytes';

export interface SocketReader {
  /** For snapshots: at most once a second, more seldom where it is dear; undefined when main does not answer. */
  recent(): Promise<JsonObject | undefined>;
  /**
   * Asks now; `watchWritesSeconds`: so long it is watched who writes to those that buffer, until it is asked with 0.
   * Undefined when main does not answer: it is in a native call, or the probe does not run.
   */
  ask(limit: number, order: SocketOrder, watchWritesSeconds?: number): Promise<JsonObject | undefined>;
}

const SNAPSHOT_TIMEOUT_MS = 50;
const TIMEOUT_MS = 1_000;
/** One that is older tells nothing of the present. */
const MAX_AGE_MS = 30_000;

export function createSocketReader(feed: ProbeFeed, now: () => number): SocketReader {
  const pace = createPace(950);
  let last: { readonly atMs: number; readonly told: JsonObject } | undefined;
  const read = async (question: JsonObject, timeoutMs: number) => {
    try {
      const told = objectOf(await feed.ask({ what: 'sockets', ...question }, { timeoutMs }));
      pace.spent(numberOf(told.tookMs));
      last = { atMs: now(), told };
      return told;
    } catch {
      return undefined;
    }
  };
  return {
    ask: (limit, order, watchWritesSeconds) =>
      read({ limit, order, ...(watchWritesSeconds !== undefined && { watchWritesSeconds }) }, TIMEOUT_MS),
    async recent() {
      if (pace.isDue()) await read({ limit: 1, order: 'buffered' }, SNAPSHOT_TIMEOUT_MS);
      return last !== undefined && now() - last.atMs <= MAX_AGE_MS ? last.told : undefined;
    },
  };
}
