// The places of one model: so many calls at once, further ones wait in order of arrival, and not too many of them.

export interface Visitor {
  /** Asked when its turn comes, and whenever things have changed: throws what it is refused for. */
  readonly assertAllowed: () => void;
  readonly onBegin: () => void;
}

export interface Place {
  /** Resolves when it is this one's turn; rejects with what it is refused for by then. */
  readonly turn: Promise<void>;
  readonly hasBegun: () => boolean;
  /** Gives it back, or leaves the line. Idempotent. */
  release(): void;
}

export interface Places {
  take(visitor: Visitor): Place;
  readonly waiting: () => number;
  /** No place is free, and none to wait either. */
  readonly isFull: () => boolean;
  /** Refuses all that wait and are not allowed any more. */
  review(): void;
}

interface Entry extends Visitor {
  readonly turn: PromiseWithResolvers<void>;
}

const MAX_WAITING = 16;

/** @param limit calls at once */
export function createPlaces(limit: number): Places {
  const begun = new Set<Entry>();
  let line: readonly Entry[] = [];
  const leave = (entry: Entry): void => {
    line = line.filter((other) => other !== entry);
  };
  const isAllowed = (entry: Entry): boolean => {
    try {
      entry.assertAllowed();
      return true;
    } catch (error) {
      leave(entry);
      entry.turn.reject(error);
      return false;
    }
  };
  const advance = (): void => {
    for (let [first] = line; first !== undefined && begun.size < limit; [first] = line) {
      if (!isAllowed(first)) continue;
      leave(first);
      begun.add(first);
      first.onBegin();
      first.turn.resolve();
    }
  };
  return {
    take(visitor) {
      const entry: Entry = { ...visitor, turn: Promise.withResolvers<void>() };
      // Nobody may be listening at that moment.
      entry.turn.promise.catch(() => undefined);
      line = [...line, entry];
      advance();
      return {
        turn: entry.turn.promise,
        hasBegun: () => begun.has(entry),
        release() {
          leave(entry);
          if (begun.delete(entry)) advance();
        },
      };
    },
    waiting: () => line.length,
    isFull: () => begun.size >= limit && line.length >= MAX_WAITING,
    review() {
      for (const entry of line) isAllowed(entry);
    },
  };
}
