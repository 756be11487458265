// A garbage collection as main's probe recorded it, in words.
import { constants } from 'node:perf_hooks';
import type { GcEvent } from './context.ts';
import type { RawGc } from './heartbeat.ts';
import { toWallMs } from './monotonic.ts';

const KINDS: ReadonlyMap<number, GcEvent['kind']> = new Map([
  [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weakcb'],
]);

export function readGc({ at, kind, durationMs, flags }: RawGc): GcEvent {
  return {
    atMs: Math.round(toWallMs(at)),
    // Anything V8 adds is a collection of the young generation, like its minor mark-sweep.
    kind: KINDS.get(kind) ?? 'minor',
    durationMs: Math.round(durationMs * 1_000) / 1_000,
    forced: (flags & constants.NODE_PERFORMANCE_GC_FLAGS_FORCED) !== 0,
  };
}
