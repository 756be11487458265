// A bounded, even choice of all values of the last two weeks or so, whatever their number, and what is usual among them.
import { type Statistics, statisticsOf } from './statistics.ts';

export interface Reservoir {
  /** How many values it was offered. */
  readonly seen: number;
  readonly values: readonly number[];
  /** Of the values, or of nearly all of them: sorting at each would cost more than it tells. */
  readonly statistics: Statistics;
  /** Values that came since the statistics were made. */
  readonly stale: number;
}

export interface ReservoirSize {
  readonly capacity: number;
  /** After so many values an old one is as likely to be gone as to be there: how it follows slow change. */
  readonly memory: number;
}

export function createReservoir(values: readonly number[], seen: number = values.length): Reservoir {
  return { seen, values, statistics: statisticsOf(values.length === 0 ? [0] : values), stale: 0 };
}

/** Algorithm R (Vitter 1985) until `memory` is reached, from then on with a constant chance to be taken. */
export function offer(reservoir: Reservoir, value: number, { capacity, memory }: ReservoirSize): Reservoir {
  const seen = reservoir.seen + 1;
  if (reservoir.values.length < capacity) return taken(reservoir, [...reservoir.values, value], seen);
  const place = Math.floor(chance(seen) * Math.min(seen, memory));
  if (place >= capacity) return { ...reservoir, seen };
  return taken(reservoir, reservoir.values.with(place, value), seen);
}

/** Often at first, then when a thirty-second of it is new. */
function taken(reservoir: Reservoir, values: readonly number[], seen: number): Reservoir {
  const stale = reservoir.stale + 1;
  if (stale * 32 >= values.length) return createReservoir(values, seen);
  return { ...reservoir, seen, values, stale };
}

/** From 0 to below 1, by the number of the value: the same file replays to the same end. (Hash of Wellons, lowbias32.) */
function chance(seen: number): number {
  let hash = seen | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
