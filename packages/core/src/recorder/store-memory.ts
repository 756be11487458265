// Findings without a data folder: in memory that main holds, so that they outlive the recorder thread.
import type { Finding } from './store-desk.ts';
import { parseWithin, type Row, type Shelf } from './store-row.ts';
import { openVault, type VaultMemory } from './vault.ts';

/** Ids of older rows are forgotten with the rows, at the latest when there are so many. */
const MAX_KNOWN = 10_000;

/** Reads nothing before it is asked: a look at all records is rare. */
export function createMemoryShelf(memory: VaultMemory): Shelf {
  const vault = openVault(memory);
  const rows = (): readonly Row[] => vault.read().map(decode);
  /** Of this life and of those before it. */
  let known: Set<string> | undefined;
  return {
    put(row) {
      known ??= new Set(rows().map(({ id }) => id));
      if (known.has(row.id)) return;
      vault.append(encode(row));
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

/** The key stands before the body, so that a row is found without parsing others. */
const encode = ({ kind, id, investigationId, body }: Row): string =>
  `${kind} ${id} ${investigationId}\n${body}`;

function decode(record: string): Row {
  const end = record.indexOf('\n');
  const [kind = '', id = '', investigationId = ''] = record.slice(0, end).split(' ');
  return { kind: kind as Finding['kind'], id, investigationId, body: record.slice(end + 1) };
}
