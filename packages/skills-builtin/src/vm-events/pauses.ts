// Long collections and stalls of the last hour. The recorder's rings are bounded by number, so on a busy server they
// reach back minutes only; what is long enough for the flight recorder is taken over from them and kept.

import type { GcEvent, JsonObject, RecorderContext, Stall } from '@nodelens/core';
import { everySeconds } from '../every-seconds.ts';
import { type JudgedGc, judgeCollections, ownMs } from '../gc/own-time.ts';
import { afterStart } from '../runtime/window.ts';
import { round } from '../wording.ts';
import { LONG_MS, type VmEvent } from './event.ts';

const HARVEST_SECONDS = 10;
const KEPT = 300;
const HOUR_MS = 3_600_000;
const MAX_FRAMES = 6;

/** After so long the stall around a collection has its figures, and the collection is not judged again. */
const SETTLED_MS = 60_000;

/** The ring puts another value in its place when more is known. */
interface KnownStall {
  readonly stall: Stall;
  readonly event: VmEvent;
}

export interface Pauses {
  /** Of the last hour, in no order. */
  events(): readonly VmEvent[];
}

/** Takes over what is long every 10 s, and whenever it is asked. */
export function keepPauses(context: RecorderContext): Pauses {
  const collections = new Map<string, JudgedGc>();
  const stalls = new Map<string, KnownStall>();
  const harvest = (): void => {
    const settledAtMs = context.now() - SETTLED_MS;
    // Of more than are kept, the older ones must not push out the newer.
    const open = context.gc
      .newest()
      .filter((gc) => gc.durationMs >= LONG_MS && !gc.forced)
      .slice(0, KEPT)
      .filter((gc) => gc.atMs + gc.durationMs > settledAtMs || !collections.has(keyOf(gc)))
      .reverse();
    for (const gc of judgeCollections(open, context.stalls.newest())) put(collections, keyOf(gc), gc);
    for (const stall of afterStart(context.stalls.newest(), context.startedAtMs).toReversed())
      if (stall.durationMs >= LONG_MS && stalls.get(stall.id)?.stall !== stall)
        put(stalls, stall.id, { stall, event: eventOfStall(stall) });
  };
  everySeconds(context, HARVEST_SECONDS, harvest);
  return {
    events() {
      harvest();
      const current = context.currentStall();
      const all = [
        ...[...collections.values()].filter((gc) => ownMs(gc) >= LONG_MS).map(eventOfGc),
        ...[...stalls.values()].map(({ event }) => event),
        ...(current !== undefined && current.durationMs >= LONG_MS ? [eventOfStall(current)] : []),
      ];
      return all.filter(({ atMs, durationMs = 0 }) => atMs + durationMs > context.now() - HOUR_MS);
    },
  };
}

const keyOf = ({ atMs, kind, durationMs }: GcEvent): string => `${atMs} ${kind} ${durationMs}`;

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
  const frames: readonly JsonObject[] = stack
    .slice(0, MAX_FRAMES)
    .map(({ name, file, line }) => ({ name, file, line }));
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
