// The places of connections in the numbers: one for each as long as it lives, while there are any left.
import { COUNTERS, PLACES } from './slots.ts';

export interface Places {
  /** Its position in the numbers; 0 when none is left. */
  take(): number;
  giveBack(place: number): void;
}

export function createPlaces(): Places {
  const free = Array.from({ length: PLACES }, (_, index) => COUNTERS + PLACES - 1 - index);
  return {
    take: () => free.pop() ?? 0,
    giveBack(place) {
      if (place > 0) free.push(place);
    },
  };
}
