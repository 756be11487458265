// What the model of a continuous operator is told of earlier rounds, compacted: what is open first, then what is over,
// then what was seen, the newest of each, within a size. Ids are kept, words are cut. Pure.
import { asJson, type JsonObject } from '../json.ts';
import type { Memory } from './memory.ts';

/** Of all of it as JSON. */
const MAX_CHARS = 1_500;
/** Of one text. */
const WORDS = 160;

/** Empty when there is nothing to tell. */
export function recall({ reported, resolved, seen }: Memory): JsonObject {
  const told = new Budget(MAX_CHARS);
  const open = told.take(
    reported.map(({ id, type, severity, observation, reportedAtMs }) => ({
      id,
      type,
      severity,
      observation: cut(observation),
      reportedAt: iso(reportedAtMs),
    })),
  );
  const over = told.take(
    resolved.map(({ id, type, resolvedAtMs, lastedMs }) => ({
      id,
      type,
      resolvedAt: iso(resolvedAtMs),
      lastedSeconds: Math.round(lastedMs / 1_000),
    })),
  );
  const rounds = told.take(
    seen.map(({ atMs, why, state, reason }) => ({
      at: iso(atMs),
      why: cut(why),
      state,
      reason: cut(reason),
    })),
  );
  return {
    ...(open.length > 0 && { reportedInEarlierRounds: open }),
    ...(over.length > 0 && { resolvedSince: over }),
    ...(rounds.length > 0 && { earlierRounds: rounds }),
  };
}

class Budget {
  #left: number;

  constructor(chars: number) {
    this.#left = chars;
  }

  /** The newest of them that fit, in their order. */
  take(oldestFirst: readonly object[]): JsonObject[] {
    const fitting: JsonObject[] = [];
    for (const item of oldestFirst.toReversed()) {
      const chars = JSON.stringify(item).length + 1;
      if (chars > this.#left) break;
      this.#left -= chars;
      fitting.unshift(asJson(item) as JsonObject);
    }
    return fitting;
  }
}

const iso = (ms: number): string => new Date(ms).toISOString();

const cut = (words: string): string => (words.length <= WORDS ? words : `${words.slice(0, WORDS - 1)}…`);
