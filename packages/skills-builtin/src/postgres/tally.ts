// What the queries of a quarter of a second come to, by statement, on main: the recorder gets sums, not queries.
import type { JsonObject } from '@nodelens/core';
import type { AppFrame } from '../app-frame.ts';
import { bucketOf, count, type Histogram } from './histogram.ts';

const STATEMENTS = 200;
const MAX_TEXT = 2_000;

interface Entry {
  calls: number;
  errors: number;
  rows: number;
  totalMs: number;
  maxMs: number;
  frame: AppFrame | undefined;
  readonly durations: Histogram;
}

export interface Outcome {
  readonly rows: number;
  readonly isError: boolean;
  readonly frame: AppFrame | undefined;
}

export interface Tally {
  add(text: string, durationMs: number, outcome: Outcome): void;
  /** Waits for a client of a pool that has none left. */
  addWait(ms: number): void;
  /** All since the last call; undefined when there was nothing. */
  take(): JsonObject | undefined;
}

export function createTally(): Tally {
  let entries = new Map<string, Entry>();
  let waits = { count: 0, totalMs: 0, maxMs: 0 };
  return {
    add(text, durationMs, { rows, isError, frame }) {
      // Statements beyond the limit (values written into the text, say) are counted together.
      const key = entries.size < STATEMENTS || entries.has(text) ? text : '';
      let entry = entries.get(key);
      if (entry === undefined) {
        entry = { calls: 0, errors: 0, rows: 0, totalMs: 0, maxMs: 0, frame, durations: new Map() };
        entries.set(key, entry);
      }
      entry.calls += 1;
      entry.errors += isError ? 1 : 0;
      entry.rows += rows;
      entry.totalMs += durationMs;
      entry.maxMs = Math.max(entry.maxMs, durationMs);
      entry.frame = frame ?? entry.frame;
      count(entry.durations, bucketOf(durationMs));
    },
    addWait(ms) {
      waits.count += 1;
      waits.totalMs += ms;
      waits.maxMs = Math.max(waits.maxMs, ms);
    },
    take() {
      if (entries.size === 0 && waits.count === 0) return undefined;
      const taken = { statements: [...entries].map(toJson), waits };
      entries = new Map();
      waits = { count: 0, totalMs: 0, maxMs: 0 };
      return taken;
    },
  };
}

const toJson = ([text, { frame, durations, ...figures }]: [string, Entry]): JsonObject => ({
  text: text.slice(0, MAX_TEXT),
  ...figures,
  ...(frame !== undefined && { frame: { ...frame } }),
  durations: [...durations].flat(),
});
