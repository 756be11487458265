// Incidents on the recorder thread, where a blocked main can neither delay nor lose one: written before they are told.
// Those that are open outlive the thread, and the process where there is a data folder.
import { hostname } from 'node:os';
import { systemClock } from '../actor/clock.ts';
import { asTold, defaultIncidentRules, type OpenIncident } from '../continuous/incident.ts';
import { revived, takenUp, toResume } from '../continuous/incident-revival.ts';
import { createIncidentShelf } from '../continuous/incident-shelf.ts';
import { type IncidentChange, type IncidentWatch, watchIncidents } from '../continuous/incident-watch.ts';
import type { Incidents } from '../continuous/incidents.ts';
import { type Id, randomId } from '../ids.ts';
import type { RecorderParts } from '../recorder/run-recorder.ts';
import { createInsistent } from '../recorder/store/insistent.ts';
import type { IncidentRow } from '../recorder/store/stored-incident.ts';
import { takeCareOfIncidents } from './incident-care.ts';
import type { MainNews, RecorderInit } from './recorder-init.ts';

export interface IncidentDesk extends Pick<IncidentWatch, 'hearResident'> {
  /** What was found in those that are open, also by an earlier life of the process. */
  readonly openNotifications: () => ReadonlySet<Id>;
  /** Nodelens is stopped: what is open is left to the next life, or told as closed where none can know of it. */
  readonly close: () => void;
}

/** Hears all that is told on this thread; what continuous operators tell must be given to it as well. */
export function createIncidentDesk(parts: RecorderParts, init: RecorderInit): IncidentDesk {
  const { incidents: records, database } = parts.store;
  const shelf = createIncidentShelf(parts.vaults.openIncidents);
  const insistent = createInsistent(systemClock);
  let open = openOf(shelf.read(), init);
  const watch = watchIncidents({
    clock: systemClock,
    ids: randomId,
    tell: parts.tell,
    open,
    keep(change) {
      open = change.incidents;
      shelf.write(open);
      care?.begin();
      const written = rowsOf(change).map((row) => insistent.write(row.incident.id, () => records.put(row)));
      return !written.includes(false);
    },
    rules: { ...defaultIncidentRules, ...init.incidents },
  });
  const care =
    database &&
    takeCareOfIncidents({
      records,
      clock: systemClock,
      hasOpen: () => open.some(isTold),
      onTakenUp: (rows) => watch.takeUp(rows.map(resumed)),
    });
  const undo = [
    parts.onTold(watch.hear),
    parts.onMainMessage((message) => {
      const news = message as unknown as MainNews;
      if (news.type === 'incident.heard') watch.acknowledge(news.id);
    }),
  ];
  return {
    hearResident: watch.hearResident,
    openNotifications: () => new Set(open.flatMap(({ notificationIds }) => notificationIds)),
    close() {
      for (const end of undo) end();
      if (care === undefined) watch.stop();
      watch.close();
      insistent.close();
      care?.end();
    },
  };
}

/** Operators remember for as long as they do not report it again. */
function openOf(incidents: Incidents, { operators }: RecorderInit): Incidents {
  const nowMs = systemClock.now();
  return revived(incidents, nowMs, ({ operator, reportedAtMs }) => {
    const { limits } = operators.find(({ name }) => name === operator) ?? {};
    return limits !== undefined && nowMs - reportedAtMs < limits.repeatAfterMs;
  });
}

const resumed = ({ incident, resume = '' }: IncidentRow): OpenIncident =>
  takenUp(incident, { resume, nowMs: systemClock.now() });

const isTold = ({ toldAtMs }: OpenIncident): boolean => toldAtMs !== undefined;

function rowsOf({ changed, closed }: IncidentChange): readonly IncidentRow[] {
  const own = { hostname: hostname(), pid: process.pid };
  const atMs = systemClock.now();
  return [
    ...changed.filter(isTold).map((incident) => ({
      incident: { ...asTold(incident), updatedAtMs: incident.toldAtMs ?? atMs, process: own },
      resume: toResume(incident),
    })),
    ...closed.map(({ incident, why, lastedMs }) => ({
      incident: { ...incident, updatedAtMs: atMs, closed: { atMs, why, lastedMs }, process: own },
    })),
  ];
}
