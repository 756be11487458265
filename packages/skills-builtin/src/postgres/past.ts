// What the probe has told, kept on the recorder thread: the sums, and the remarkable ones one by one, newest first.
import type { JsonObject, ProbeFeed } from '@nodelens/core';
import { numberOf } from '../evidence.ts';
import { createQueryStore, type QueryStore } from './query-store.ts';

const KEPT = 300;

export interface Past {
  readonly store: QueryStore;
  /** Queries of 250 ms or more. */
  readonly slow: Kept;
  readonly errors: Kept;
  /** One statement many times in one request or chain of awaits. */
  readonly bursts: Kept;
  /** What the pools were last told to be; empty before the first query. */
  pools(): readonly JsonObject[];
  /** The answer to a question to the server; at most once for each. */
  onServer(listener: (event: JsonObject) => void): void;
}

export interface Kept {
  since(fromMs: number): readonly JsonObject[];
}

export function keepPast(feed: ProbeFeed): Past {
  const store = createQueryStore();
  const lists: { [kind: string]: JsonObject[] } = { slow: [], error: [], burst: [] };
  const listeners: ((event: JsonObject) => void)[] = [];
  let pools: readonly JsonObject[] = [];
  const keep = (kind: string, event: JsonObject): void => {
    lists[kind] = [event, ...(lists[kind] ?? [])].slice(0, KEPT);
  };
  const list = (kind: string): Kept => ({
    since: (fromMs) => (lists[kind] ?? []).filter(({ atMs }) => numberOf(atMs) >= fromMs),
  });
  feed.onEvent((event) => {
    if (event.kind === 'sums') {
      store.add(event);
      pools = (event.pools as readonly JsonObject[] | undefined) ?? [];
    }
    if (event.kind === 'server') for (const listener of listeners) listener(event);
    if (event.kind === 'error' || event.kind === 'slow') keep(event.kind, event);
    if (event.kind === 'burst') {
      // One that is told again has grown.
      const others = lists.burst?.filter(({ id, text }) => id !== event.id || text !== event.text);
      lists.burst = [event, ...(others ?? [])].slice(0, KEPT);
    }
  });
  return {
    store,
    slow: list('slow'),
    errors: list('error'),
    bursts: list('burst'),
    pools: () => pools,
    onServer: (listener) => void listeners.push(listener),
  };
}
