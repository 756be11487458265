// Findings without a data folder: in memory that main holds, so that they outlive the recorder thread.
import type { Insight } from '../../coordinator/insight.ts';
import type { Id } from '../../ids.ts';
import type { StoredHistory } from './desk.ts';
import { type Mark, notificationsWithin, parseWithin, type Row, resolvedBy, type Shelf } from './row.ts';
import type { IncidentRecords, StoredIncident } from './stored-incident.ts';
import { openVault, type Vault } from './vault.ts';
import type { Vaults } from './vaults.ts';

/** Ids of older rows are forgotten with the rows, at the latest when there are so many. */
const MAX_KNOWN = 10_000;

/** Of the marks: the latest of a kind and id is what counts. */
interface MarkRow {
  readonly kind: 'incident' | 'status';
  /** Of the incident, or of the notification. */
  readonly id: Id;
  /** JSON of a StoredIncident, or of a Mark. */
  readonly body: string;
}

/** Reads nothing before it is asked: a look at all records is rare. */
export function createMemoryShelf({ findings, marks }: Pick<Vaults, 'findings' | 'marks'>): Shelf {
  const vault = openVault(findings);
  const markVault = openVault(marks, keyOf);
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
    mark({ notificationIds, status, atMs }) {
      const body = JSON.stringify({ status, atMs } satisfies Mark);
      for (const id of notificationIds) markVault.append(encodeMark({ kind: 'status', id, body }));
    },
    incidents: createIncidentRecords(markVault),
    history({ limit, investigationId }) {
      const all = rows();
      const told = markVault.read().map(decodeMark);
      const statuses = statusesIn(told, all);
      const newest = all
        .filter((row) => investigationId === undefined || row.investigationId === investigationId)
        .toReversed();
      const ofKind = (kind: Row['kind']): readonly Row[] =>
        newest.filter((row) => row.kind === kind).slice(0, limit);
      return {
        incidents: incidentsIn(told, investigationId).slice(0, limit),
        notifications: notificationsWithin(
          ofKind('notification').map(({ id, body }) => [body, statuses.get(id)] as const),
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
      vault.append(encodeMark({ kind: 'incident', id, body }));
      if (resume === undefined) latest.delete(id);
      else latest.set(id, body);
    },
    takeUp: () => ({ rows: [], hasOthers: false }),
    renew: () => undefined,
    leave: () => undefined,
  };
}

/** A mark of its own against what an insight says of it: the later one counts. */
function statusesIn(told: readonly MarkRow[], rows: readonly Row[]): ReadonlyMap<Id, Mark> {
  const statuses = new Map<Id, Mark>();
  const note = (id: Id, mark: Mark): void => {
    if (mark.atMs >= (statuses.get(id)?.atMs ?? Number.NEGATIVE_INFINITY)) statuses.set(id, mark);
  };
  for (const { kind, body } of rows) {
    if (kind !== 'insight') continue;
    const { notificationIds, ...mark } = resolvedBy(body);
    for (const id of notificationIds) note(id, mark);
  }
  for (const { kind, id, body } of told) if (kind === 'status') note(id, JSON.parse(body) as Mark);
  return statuses;
}

function incidentsIn(told: readonly MarkRow[], investigationId: Id | undefined): StoredHistory['incidents'] {
  const bodies = new Map(told.flatMap(({ kind, id, body }) => (kind === 'incident' ? [[id, body]] : [])));
  return parseWithin<StoredIncident>([...bodies.values()].toReversed())
    .filter(
      ({ investigationIds }) => investigationId === undefined || investigationIds.includes(investigationId),
    )
    .toSorted((left, right) => right.startedAtMs - left.startedAtMs);
}

/** The key stands before the body, so that a row is found without parsing others. */
const encode = ({ kind, id, investigationId, body }: Row): string =>
  `${kind} ${id} ${investigationId}\n${body}`;

function decode(record: string): Row {
  const end = record.indexOf('\n');
  const [kind = '', id = '', investigationId = ''] = record.slice(0, end).split(' ');
  return { kind: kind as Row['kind'], id, investigationId, body: record.slice(end + 1) };
}

const keyOf = (record: string): string => record.slice(0, record.indexOf('\n'));

const encodeMark = ({ kind, id, body }: MarkRow): string => `${kind} ${id}\n${body}`;

function decodeMark(record: string): MarkRow {
  const key = keyOf(record);
  const [kind = '', id = ''] = key.split(' ');
  return { kind: kind as MarkRow['kind'], id, body: record.slice(key.length + 1) };
}
