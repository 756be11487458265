// A garbage collection as main's probe recorded it, in words.
import { constants } from 'node:perf_hooks';
import type { GcEvent } from '../context.ts';
import type { Heartbeat, RawGc } from '../heartbeat.ts';
import { toWallMs } from '../monotonic.ts';

const KINDS: ReadonlyMap<number, GcEvent['kind']> = new Map([
  [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weakcb'],
]);

/** @param isOurs whether a full collection that began at that monotonic ms was brought about by us */
export function readGc({ at, kind, durationMs, flags }: RawGc, isOurs: (at: number) => boolean): GcEvent {
  // V8 does not mark the collections that its own samplers and queries force.
  const isForced = (flags & constants.NODE_PERFORMANCE_GC_FLAGS_FORCED) !== 0;
  return {
    atMs: Math.round(toWallMs(at)),
    // Anything V8 adds is a collection of the young generation, like its minor mark-sweep.
    kind: KINDS.get(kind) ?? 'minor',
    durationMs: Math.round(durationMs * 1_000) / 1_000,
    forced: isForced || (kind === constants.NODE_PERFORMANCE_GC_MAJOR && isOurs(at)),
  };
}

/** How much of the time between two monotonic ms main spent in collections, in ms. */
export function collectedMs(heartbeat: Heartbeat, from: number, to: number): number {
  const parts = heartbeat
    .gcSince(0)
    .map(({ at, durationMs }) => Math.min(to, at + durationMs) - Math.max(from, at));
  return parts.reduce((sum, part) => sum + Math.max(0, part), 0);
}
