// How long the next forced collection will hold main up. The first guess is of a fast machine and a mean heap; from
// then on the collections that were paid for tell.

/** With many small objects: 0.5 on a fast machine, 1.1 to 1.5 on a slow one, in ms. */
const FIRST_PER_MB = 0.5;
/** A reading that took longer was not collecting all the time: main was in a native call, or had no core. */
const MOST_PER_MB = 2;
const LEAST_PAUSE_MS = 5;
const REMEMBERED = 5;

export interface CollectionEstimate {
  /** In ms, for a used heap of `heapMb`. */
  pauseMs(heapMb: number): number;
  /** A reading that forced a collection of `heapMb` took `tookMs`. */
  learn(heapMb: number, tookMs: number): void;
}

export function createCollectionEstimate(): CollectionEstimate {
  const perMb: number[] = [];
  return {
    // The least that was seen: a reading waits for main's turn as well, which is no pause.
    pauseMs: (heapMb) =>
      Math.ceil(LEAST_PAUSE_MS + heapMb * (perMb.length === 0 ? FIRST_PER_MB : Math.min(...perMb))),
    learn(heapMb, tookMs) {
      const seen = (tookMs - LEAST_PAUSE_MS) / Math.max(1, heapMb);
      if (seen <= 0 || seen > MOST_PER_MB) return;
      perMb.push(seen);
      if (perMb.length > REMEMBERED) perMb.shift();
    },
  };
}
