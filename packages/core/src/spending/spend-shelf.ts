// Where spending is kept: figures by hour and by day, which only ever grow until they are too old.
import { addSpend, nothingSpent, type Spend } from './spend.ts';

export type Span = 'hour' | 'day';

export interface SpendRow {
  readonly span: Span;
  /** Wall-clock ms. */
  readonly startMs: number;
  /** The operator's name, or `coordinator`. */
  readonly caller: string;
  readonly model: string;
  readonly spend: Spend;
}

export interface SumQuery {
  readonly span: Span;
  /** Wall-clock ms. */
  readonly sinceMs: number;
  /** Default: all. */
  readonly caller?: string | undefined;
}

/** Synchronous. */
export interface SpendShelf {
  /** Adds to what is there, all of it or nothing. @throws NodelensError `store_unavailable` */
  add(rows: readonly SpendRow[]): void;
  /** What began then or later. @throws NodelensError `store_unavailable` */
  read(span: Span, sinceMs: number): readonly SpendRow[];
  /** The same, summed up. @throws NodelensError `store_unavailable` */
  sum(query: SumQuery): Spend;
}

const DAY_MS = 24 * 3_600_000;
/** How long figures are kept, by span, in ms. */
export const KEPT_MS: { readonly [S in Span]: number } = { hour: 3 * DAY_MS, day: 400 * DAY_MS };
/** There are as many as operators, models and days: so many would be a fault. The oldest go first. */
const MAX_ROWS = 20_000;

/** Of this life of the thread. */
export function createMemorySpendShelf(now: () => number): SpendShelf {
  const rows = new Map<string, SpendRow>();
  const tidy = (): void => {
    for (const [key, { span, startMs }] of rows)
      if (startMs < now() - KEPT_MS[span] || rows.size > MAX_ROWS) rows.delete(key);
  };
  const read: SpendShelf['read'] = (span, sinceMs) =>
    [...rows.values()].filter((row) => row.span === span && row.startMs >= sinceMs);
  return {
    add(added) {
      const sizeBefore = rows.size;
      for (const row of added) {
        const key = JSON.stringify([row.span, row.startMs, row.caller, row.model]);
        const known = rows.get(key);
        rows.set(key, known === undefined ? row : { ...row, spend: addSpend(known.spend, row.spend) });
      }
      if (rows.size > sizeBefore) tidy();
    },
    read,
    sum: ({ span, sinceMs, caller }) =>
      read(span, sinceMs)
        .filter((row) => caller === undefined || row.caller === caller)
        .reduce((sum, row) => addSpend(sum, row.spend), nothingSpent),
  };
}
