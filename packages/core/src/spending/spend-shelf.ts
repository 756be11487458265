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

export interface MemoryShelfOptions {
  /** Wall-clock ms. */
  readonly now: () => number;
  /** What it begins with; of several of one row the last one counts. */
  readonly known?: readonly SpendRow[];
  /** Told the whole figure of a row after each change. */
  readonly onRow?: (row: SpendRow) => void;
}

/** Of this life of the thread. */
export function createMemorySpendShelf({ now, known = [], onRow }: MemoryShelfOptions): SpendShelf {
  const rows = new Map(known.map((row) => [keyOf(row), row]));
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
        const spend = addSpend(rows.get(keyOf(row))?.spend ?? nothingSpent, row.spend);
        rows.set(keyOf(row), { ...row, spend });
        onRow?.({ ...row, spend });
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

const keyOf = ({ span, startMs, caller, model }: SpendRow): string =>
  JSON.stringify([span, startMs, caller, model]);
