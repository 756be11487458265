// Long collections and stalls of the last hour. The recorder's rings are bounded by number, so on a busy server they
// reach back minutes only; what is long enough for the flight recorder is taken over from them and kept.
import type { JsonObject, RecorderContext, Stall } from '@nodelens/core';
import { type JudgedGc, judgeCollections, ownMs } from '../gc/own-time.ts';
import { afterStart } from '../runtime/window.ts';
import { round } from '../wording.ts';
import { LONG_MS, type VmEvent } from './event.ts';

const HARVEST_MS = 10_000;
const KEPT = 300;
const HOUR_MS = 3_600_000;
const MAX_FRAMES = 8;

export interface Pauses {
  /** Of the last hour, in no order. */
  events(): readonly VmEvent[];
}

/** Takes over what is long every 10 s, and whenever it is asked. */
export function keepPauses(context: RecorderContext): Pauses {
  const collections = new Map<string, JudgedGc>();
  const stalls = new Map<string, VmEvent>();
  const harvest = (): void => {
    const long = context.gc.newest().filter((gc) => !gc.forced && gc.durationMs >= LONG_MS);
    for (const gc of judgeCollections(long, context.stalls.newest())) remember(collections, gc);
    for (const stall of afterStart(context.stalls.newest(), context.startedAtMs))
      if (stall.durationMs >= LONG_MS) put(stalls, stall.id, eventOfStall(stall));
  };
  setInterval(harvest, HARVEST_MS).unref();
  return {
    events() {
      harvest();
      const current = context.currentStall();
      const all = [
        ...[...collections.values()].filter((gc) => ownMs(gc) >= LONG_MS).map(eventOfGc),
        ...stalls.values(),
        ...(current !== undefined && current.durationMs >= LONG_MS ? [eventOfStall(current)] : []),
      ];
      return all.filter(({ atMs, durationMs = 0 }) => atMs + durationMs > context.now() - HOUR_MS);
    },
  };
}

/** The stall around a collection may be known only later, and be forgotten before the collection is. */
function remember(collections: Map<string, JudgedGc>, gc: JudgedGc): void {
  const key = `${gc.atMs} ${gc.kind} ${gc.durationMs}`;
  const starvedMs = Math.max(gc.starvedMs, collections.get(key)?.starvedMs ?? 0);
  put(collections, key, { ...gc, starvedMs });
}

function put<T>(map: Map<string, T>, key: string, value: T): void {
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > KEPT && oldest !== undefined) map.delete(oldest);
}

const eventOfGc = (gc: JudgedGc): VmEvent => ({
  type: 'long-gc',
  atMs: gc.atMs,
  durationMs: round(gc.durationMs),
  facts: { kind: gc.kind, ownMs: round(ownMs(gc)), starvedMs: round(gc.starvedMs) },
});

function eventOfStall(stall: Stall): VmEvent {
  const { kind, ongoing, starvedMs, gcMs, evidence, samples, culpritSamples, culprit, stack } = stall;
  const frames: readonly JsonObject[] = stack.slice(0, MAX_FRAMES).map((frame) => ({ ...frame }));
  return {
    type: 'stall',
    atMs: stall.startedAtMs,
    durationMs: stall.durationMs,
    facts: {
      kind,
      ongoing,
      starvedMs,
      gcMs,
      ...(culprit !== undefined && { culprit: { ...culprit } }),
      culpritSamples,
      samples,
      evidence,
      stack: frames,
    },
  };
}
