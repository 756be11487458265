// Findings without a data folder: in memory that main holds, so that they outlive the recorder thread.
import type { Insight } from '../coordinator/insight.ts';
import type { Id } from '../ids.ts';
import type { Marking, StoredHistory } from './store-desk.ts';
import {
  type Mark,
  notificationsWithin,
  parseWithin,
  type Row,
  resolvedBy,
  type Shelf,
} from './store-row.ts';
import type { IncidentRecords, StoredIncident } from './stored-incident.ts';
import { openVault, type Vault, type VaultMemory } from './vault.ts';

/** Ids of older rows are forgotten with the rows, at the latest when there are so many. */
const MAX_KNOWN = 10_000;

/** What the memory holds: a later record of an incident, or of a status, is what counts. */
type MemoryRow =
  | Row
  | {
      readonly kind: 'incident' | 'statuses';
      readonly id: Id;
      readonly investigationId: '';
      readonly body: string;
    };

/** Reads nothing before it is asked: a look at all records is rare. */
export function createMemoryShelf(memory: VaultMemory): Shelf {
  const vault = openVault(memory);
  const rows = (): readonly MemoryRow[] => vault.read().map(decode);
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
    mark: (marking) =>
      vault.append(encode({ kind: 'statuses', id: '', investigationId: '', body: JSON.stringify(marking) })),
    incidents: createIncidentRecords(vault),
    history({ limit, investigationId }) {
      const all = rows();
      const marks = marksIn(all);
      const newest = all
        .filter((row) => investigationId === undefined || row.investigationId === investigationId)
        .toReversed();
      const ofKind = (kind: Row['kind']): readonly MemoryRow[] =>
        newest.filter((row) => row.kind === kind).slice(0, limit);
      return {
        incidents: incidentsIn(all, investigationId).slice(0, limit),
        notifications: notificationsWithin(
          ofKind('notification').map(({ id, body }) => [body, marks.get(id)] as const),
        ),
        insights: parseWithin<Insight>(ofKind('insight').map(({ body }) => body)),
        previousLives: [],
      };
    },
    close: () => undefined,
  };
}

/** What is open in the end is kept elsewhere, and no other process can come to it. */
function createIncidentRecords(vault: Vault): IncidentRecords {
  /** Of the open ones: most of what changes in them is nothing that is told. */
  const latest = new Map<Id, string>();
  return {
    put({ incident, resume }) {
      const { id } = incident;
      const body = JSON.stringify(incident);
      if (latest.get(id) === body) return;
      vault.append(encode({ kind: 'incident', id, investigationId: '', body }));
      if (resume === undefined) latest.delete(id);
      else latest.set(id, body);
    },
    takeUp: () => ({ rows: [], hasOthers: false }),
    renew: () => undefined,
    leave: () => undefined,
  };
}

function marksIn(rows: readonly MemoryRow[]): ReadonlyMap<Id, Mark> {
  const marks = new Map<Id, Mark>();
  for (const { kind, body } of rows) {
    if (kind !== 'statuses' && kind !== 'insight') continue;
    const { notificationIds, ...mark } =
      kind === 'insight' ? resolvedBy(body) : (JSON.parse(body) as Marking);
    for (const id of notificationIds) marks.set(id, mark);
  }
  return marks;
}

function incidentsIn(
  rows: readonly MemoryRow[],
  investigationId: Id | undefined,
): StoredHistory['incidents'] {
  const bodies = new Map(rows.flatMap(({ kind, id, body }) => (kind === 'incident' ? [[id, body]] : [])));
  return parseWithin<StoredIncident>([...bodies.values()].toReversed()).filter(
    ({ investigationIds }) => investigationId === undefined || investigationIds.includes(investigationId),
  );
}

/** The key stands before the body, so that a row is found without parsing others. */
const encode = ({ kind, id, investigationId, body }: MemoryRow): string =>
  `${kind} ${id} ${investigationId}\n${body}`;

function decode(record: string): MemoryRow {
  const end = record.indexOf('\n');
  const [kind = '', id = '', investigationId = ''] = record.slice(0, end).split(' ');
  return { kind, id, investigationId, body: record.slice(end + 1) } as MemoryRow;
}
