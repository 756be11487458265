// The incidents of this process, as the recorder thread keeps them: it hears what is told there, and keeps a timer only
// while one is open.
import type { Clock } from '../actor/clock.ts';
import type { Id, IdSource } from '../ids.ts';
import type { Anomaly } from '../telemetry/continuous-events.ts';
import type { LensEvent } from '../telemetry/events.ts';
import type { IncidentEvent } from '../telemetry/incident-events.ts';
import { defaultIncidentRules, type IncidentRules, type OpenIncident } from './incident.ts';
import {
  type AfterNews,
  acknowledged,
  heard,
  type IncidentNews,
  type Incidents,
  settled,
  settlesAtMs,
  stopped,
} from './incidents.ts';

export interface IncidentWatchOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly tell: (event: LensEvent) => void;
  /** Those of an earlier life of this thread. Default: none. */
  readonly open?: Incidents;
  /** After each change, before it is told. @returns false: not all of it is written yet. */
  readonly keep?: (change: IncidentChange) => boolean;
  readonly rules?: IncidentRules;
}

export interface IncidentChange {
  /** All that are open. */
  readonly incidents: Incidents;
  /** Of those, the ones that are not what they were. */
  readonly changed: readonly OpenIncident[];
  readonly closed: readonly Extract<IncidentEvent, { type: 'incident.closed' }>[];
}

/** Functions without a `this`. */
export interface IncidentWatch {
  /** What a continuous operator tells. */
  readonly hearResident: (event: LensEvent) => void;
  /** What anybody tells on this thread; of findings only those of investigations count. */
  readonly hear: (event: LensEvent) => void;
  /** Main has heard that this one was opened. */
  readonly acknowledge: (id: Id) => void;
  /** Goes on with what another life has left. */
  readonly takeUp: (left: Incidents) => void;
  /** Tells the end of all: nobody goes on with them. */
  readonly stop: () => void;
  /** It hears nothing any more. */
  readonly close: () => void;
}

/** A timer takes no longer time than 24 days, and a wall clock may be set back by years. In ms. */
const LONGEST_WAIT_MS = 3_600_000;

export function watchIncidents(options: IncidentWatchOptions): IncidentWatch {
  const { clock, ids, tell, keep, rules = defaultIncidentRules } = options;
  let incidents = options.open ?? [];
  let disarm = (): void => undefined;
  const arm = (): void => {
    disarm();
    const atMs = settlesAtMs(incidents, rules);
    const waitMs = Math.min(Math.max(1, (atMs ?? 0) - clock.now()), LONGEST_WAIT_MS);
    disarm = atMs === undefined ? () => undefined : clock.after(waitMs, settle);
  };
  const take = ({ incidents: now, told }: AfterNews): void => {
    if (now === incidents) return;
    const changed = now.filter((incident) => !incidents.includes(incident));
    incidents = now;
    const closed = told.filter((event) => event.type === 'incident.closed');
    const isKept = keep?.({ incidents, changed, closed }) ?? true;
    arm();
    for (const event of told) tell(isKept ? event : { ...event, stored: false });
  };
  const settle = (): void => {
    take(settled(incidents, { nowMs: clock.now(), rules }));
    arm();
  };
  const lately = createLately(clock);
  let isClosed = false;
  const hear = (event: LensEvent, isResident: boolean): void => {
    if (isClosed) return;
    if (event.type === 'anomaly.detected') lately.note(metricOf(event.anomaly));
    if (event.type === 'anomaly.ended') lately.forget(metricOf(event));
    const news = newsIn(event, { isResident, lately });
    if (news !== undefined) take(heard(incidents, news, { nowMs: clock.now(), rules, id: ids }));
  };
  arm();
  return {
    hearResident: (event) => hear(event, true),
    hear: (event) => hear(event, false),
    acknowledge: (id) => take({ incidents: acknowledged(incidents, id), told: [] }),
    takeUp(left) {
      const others = left.filter(({ id }) => incidents.every((own) => own.id !== id));
      if (others.length > 0) take({ incidents: [...others, ...incidents], told: [] });
    },
    stop: () => take(stopped(incidents, clock.now())),
    close() {
      isClosed = true;
      disarm();
    },
  };
}

/** The detector asks for an investigation a moment after it has told which metrics are off. In ms. */
const LATELY_MS = 60_000;
const MAX_LATELY = 200;

interface Lately {
  readonly note: (metric: string) => void;
  readonly forget: (metric: string) => void;
  readonly take: () => readonly string[];
}

/** What was told lately, is off, and nobody has taken. */
function createLately(clock: Clock): Lately {
  let noted: readonly { readonly metric: string; readonly atMs: number }[] = [];
  return {
    note(metric) {
      noted = [...noted, { metric, atMs: clock.now() }].slice(-MAX_LATELY);
    },
    forget(metric) {
      noted = noted.filter((one) => one.metric !== metric);
    },
    take() {
      const fresh = noted.filter(({ atMs }) => clock.now() - atMs < LATELY_MS);
      noted = [];
      return fresh.map(({ metric }) => metric);
    },
  };
}

const metricOf = ({ skill, metric }: Pick<Anomaly, 'skill' | 'metric'>): string => `${skill}.${metric}`;

function newsIn(
  event: LensEvent,
  { isResident, lately }: { readonly isResident: boolean; readonly lately: Lately },
): IncidentNews | undefined {
  switch (event.type) {
    case 'operator.notification':
      return { type: 'found', notification: event.notification, isResident };
    case 'finding.resolved': {
      const { operator, findingType, subjects } = event;
      return { type: 'resolved', operator, findingType, subjects };
    }
    case 'investigation.triggered': {
      const { by, reason, isStarted, investigationId } = event;
      if (by !== 'anomaly' || investigationId === undefined) return undefined;
      return isStarted
        ? { type: 'triggered', investigationId, reason, metrics: lately.take() }
        : { type: 'ended', investigationId };
    }
    case 'anomaly.detected':
      return { type: 'off', metric: metricOf(event.anomaly) };
    case 'anomaly.ended':
      return { type: 'usual', metric: metricOf(event) };
    case 'insight.produced':
      return { type: 'insight', insight: event.insight };
    case 'investigation.finished':
      return { type: 'ended', investigationId: event.investigationId };
    default:
      return undefined;
  }
}
