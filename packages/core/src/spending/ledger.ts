// Who spent what: booked at once, read for every check. A store in trouble loses nothing of this life: what it did not
// take is offered with the next booking.
import { type Period, periodStart } from './period.ts';
import { addSpend, nothingSpent, type Spend } from './spend.ts';
import { createMemorySpendShelf, KEPT_MS, type Span, type SpendRow, type SpendShelf } from './spend-shelf.ts';

export interface Entry {
  /** The operator's name, or `coordinator`. */
  readonly caller: string;
  readonly model: string;
  readonly spend: Partial<Spend>;
}

export interface Ledger {
  book(entry: Entry): void;
  /** In the present hour, day or month; of one caller, or of all. */
  spent(period: Period, caller?: string): Spend;
  /** All that is kept, by day. */
  days(): readonly SpendRow[];
}

export interface LedgerOptions {
  /** Outlives the process. */
  readonly file?: SpendShelf;
  /** What is kept of this process. Default: in this thread. */
  readonly memory?: SpendShelf;
  /** Wall-clock ms. */
  readonly now: () => number;
}

/** Names come from a provider, too. */
const MAX_NAME = 120;
const SPANS: readonly Span[] = ['hour', 'day'];

export function createLedger(options: LedgerOptions): Ledger {
  const { file, now, memory: ofThisLife = createMemorySpendShelf({ now }) } = options;
  /** What the file has not taken yet. */
  let owed = createMemorySpendShelf({ now });
  const payIn = (shelf: SpendShelf, rows: readonly SpendRow[]): void => {
    owed.add(rows);
    try {
      shelf.add(SPANS.flatMap((span) => owed.read(span, 0)));
      owed = createMemorySpendShelf({ now });
    } catch {
      // A store in trouble tells so where findings are not kept; it must not stop a diagnosis.
    }
  };
  /** Of the file with what it is owed; of this life where it cannot be read. */
  const look = <T>(at: (shelf: SpendShelf) => T, together: (kept: T, due: T) => T): T => {
    if (file === undefined) return at(ofThisLife);
    try {
      return together(at(file), at(owed));
    } catch {
      return at(ofThisLife);
    }
  };
  return {
    book({ caller, model, spend }) {
      const rows = SPANS.map(
        (span): SpendRow => ({
          span,
          startMs: periodStart(span, now()),
          caller: caller.slice(0, MAX_NAME),
          model: model.slice(0, MAX_NAME),
          spend: { ...nothingSpent, ...spend },
        }),
      );
      ofThisLife.add(rows);
      if (file !== undefined) payIn(file, rows);
    },
    spent(period, caller) {
      const span: Span = period === 'hour' ? 'hour' : 'day';
      const sinceMs = periodStart(period, now());
      return look((shelf) => shelf.sum({ span, sinceMs, caller: caller?.slice(0, MAX_NAME) }), addSpend);
    },
    days: () =>
      look(
        (shelf) => shelf.read('day', now() - KEPT_MS.day),
        (kept, due) => [...kept, ...due],
      ),
  };
}
