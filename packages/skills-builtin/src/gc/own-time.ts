// How long a collection took by itself: on a machine without a free core it stands still with main, and that is not
// the app's fault. What the recorder knows of the stall around it tells the two apart. Pure.
import type { GcEvent, Stall } from '@nodelens/core';

/** A collection, and how much of it the machine gave the process no core, in ms. */
export interface JudgedGc extends GcEvent {
  readonly starvedMs: number;
}

/** Only a long collection makes a stall; of the others nothing is known, so nothing is taken off. */
export function judgeCollections(events: readonly GcEvent[], stalls: readonly Stall[]): readonly JudgedGc[] {
  return events.map((event) => {
    const stall = stalls.find(
      ({ startedAtMs, durationMs }) =>
        event.atMs + event.durationMs > startedAtMs && event.atMs < startedAtMs + durationMs,
    );
    const share = stall === undefined ? 0 : stall.starvedMs / Math.max(1, stall.durationMs);
    return { ...event, starvedMs: Math.round(event.durationMs * share) };
  });
}

export const ownMs = ({ durationMs, starvedMs }: JudgedGc): number => durationMs - starvedMs;
