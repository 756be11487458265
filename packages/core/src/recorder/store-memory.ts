// Findings without a data folder: in memory that main holds, so that they outlive the recorder thread.
import type { Row, Shelf } from './store-row.ts';
import { parseWithin } from './store-row.ts';
import { openVault, type VaultMemory } from './vault.ts';

/** Ids of older rows are forgotten with the rows, at the latest when there are so many. */
const MAX_KNOWN = 10_000;

/** Reads nothing before it is asked: a record is small, and a look at all of them is rare. */
export function createMemoryShelf(memory: VaultMemory): Shelf {
  const vault = openVault(memory);
  const rows = (): readonly Row[] => vault.read().map((record) => JSON.parse(record) as Row);
  /** Of this life and of those before it. */
  let known: Set<string> | undefined;
  return {
    put(row) {
      known ??= new Set(rows().map(({ id }) => id));
      if (known.has(row.id)) return;
      vault.append(JSON.stringify(row));
      known.add(row.id);
      if (known.size > MAX_KNOWN) known = undefined;
    },
    history({ limit, investigationId }) {
      const newest = rows()
        .filter((row) => investigationId === undefined || row.investigationId === investigationId)
        .reverse();
      const bodies = (kind: Row['kind']): readonly string[] =>
        newest
          .filter((row) => row.kind === kind)
          .slice(0, limit)
          .map(({ body }) => body);
      return {
        notifications: parseWithin(bodies('notification')),
        insights: parseWithin(bodies('insight')),
        previousLives: [],
      };
    },
    close: () => undefined,
  };
}
