// Incidents over the hours of a clock that the test moves: news as operators and the detector tell them, and what comes of
// them, a line each.
import { ManualClock } from '@nodelens/testing';
import { defaultIncidentRules, type IncidentRules } from '../../src/continuous/incident.ts';
import { type IncidentWatch, watchIncidents } from '../../src/continuous/incident-watch.ts';
import type { Incidents } from '../../src/continuous/incidents.ts';
import type { Insight } from '../../src/coordinator/insight.ts';
import type { Notification } from '../../src/operator/notification.ts';
import type { Severity, Subject } from '../../src/skill.ts';
import type { LensEvent } from '../../src/telemetry/events.ts';
import type { IncidentEvent } from '../../src/telemetry/incident-events.ts';

export const MINUTE_MS = 60_000;
export const HOUR = 60;

export interface Heard {
  readonly event: LensEvent;
  readonly isResident: boolean;
}

export const subject = (name: string): Subject => ({ kind: 'function', name, file: `/app/${name}.ts` });

let count = 0;
const notification = (
  investigationId: string,
  [type = '', severity = 'warning', ...names]: readonly string[],
): Notification => ({
  id: `n${++count}`,
  investigationId,
  operator: type.split('.')[0] ?? '',
  type,
  severity: severity as Severity,
  context: '',
  observation: `${type} is\n${severity}.`,
  subjects: names.map(subject),
  snapshots: [],
  detectedAt: '2026-03-02T12:00:00.000Z',
  process: { hostname: 'host', pid: 1 },
});

/** A continuous operator reports: type, severity, functions. */
export const found = (...what: string[]): Heard => {
  const told = notification('resident', what);
  const { operator } = told;
  return {
    event: { type: 'operator.notification', investigationId: 'resident', operator, notification: told },
    isResident: true,
  };
};

/** An operator in an investigation does. */
export const foundIn = (id: string, ...what: string[]): Heard => {
  const told = notification(id, what);
  const { operator } = told;
  return {
    event: { type: 'operator.notification', investigationId: id, operator, notification: told },
    isResident: false,
  };
};

export const over = (type: string, ...names: string[]): Heard => ({
  event: {
    type: 'finding.resolved',
    investigationId: 'resident',
    operator: type.split('.')[0] ?? '',
    notificationId: 'n',
    findingType: type,
    subjects: names.map(subject),
    lastedMs: 1,
  },
  isResident: true,
});

export const triggered = (id: string, by: 'anomaly' | 'schedule' = 'anomaly'): Heard => ({
  event: {
    type: 'investigation.triggered',
    by,
    reason: 'heap is off.',
    isStarted: true,
    investigationId: id,
  },
  isResident: false,
});

export const refused: Heard = {
  event: { type: 'investigation.triggered', by: 'anomaly', reason: 'heap is off.', isStarted: false },
  isResident: false,
};

export const failed = (id: string): Heard => ({
  event: {
    type: 'investigation.triggered',
    by: 'anomaly',
    reason: 'heap is off.',
    isStarted: false,
    investigationId: id,
    error: { name: 'NodelensError', message: 'no memory' },
  },
  isResident: false,
});

export const off = (metric: string): Heard => ({
  event: {
    type: 'anomaly.detected',
    anomaly: { skill: 'gc', metric, value: 9, expected: 1, deviation: 8, sinceMs: 0 },
  },
  isResident: false,
});

export const usual = (metric: string): Heard => ({
  event: { type: 'anomaly.ended', skill: 'gc', metric, lastedMs: 1 },
  isResident: false,
});

export const finished = (id: string): Heard => ({
  event: { type: 'investigation.finished', investigationId: id } as LensEvent,
  isResident: false,
});

export const explained = (id: string, more: Partial<Insight> = {}): Heard => ({
  event: {
    type: 'insight.produced',
    investigationId: id,
    insight: {
      id: 'i',
      investigationId: id,
      notificationIds: [],
      correlationType: 'causal',
      summary: 'The heap grows.',
      matchedObservations: [],
      hypothesisGrounded: true,
      rootCauseHypothesis: 'keep() never forgets.',
      confidence: 'medium',
      subjects: [subject('keep')],
      createdAt: '2026-03-02T12:00:00.000Z',
      ...more,
    },
  },
  isResident: false,
});

/** `5 opened warning: heap.full is warning.`: the minute, what, and the title; of an update, what has joined. */
function lineOf(event: IncidentEvent, minute: number): string {
  const { id, severity, title } = event.incident;
  switch (event.type) {
    case 'incident.opened':
      return `${minute} ${id} opened ${severity}: ${title}`;
    case 'incident.updated':
      return `${minute} ${id} ${event.why} ${severity}: ${event.what} | ${title}`;
    case 'incident.closed':
      return `${minute} ${id} closed ${event.why} after ${event.lastedMs / MINUTE_MS}`;
    default:
      return event satisfies never;
  }
}

export const START_MS: number = Date.UTC(2026, 2, 2);

export interface LabOptions {
  readonly open?: Incidents;
  readonly rules?: Partial<IncidentRules>;
  readonly clock?: ManualClock;
  readonly isKept?: boolean;
  /** Whether main hears what is opened. Default true. */
  readonly isHeard?: boolean;
  readonly id?: () => string;
  /** Where what is told is written. */
  readonly lines?: string[];
}

export interface Lab extends Pick<IncidentWatch, 'takeUp' | 'stop' | 'close'> {
  readonly clock: ManualClock;
  readonly lines: readonly string[];
  readonly told: readonly IncidentEvent[];
  /** Lets time pass until that minute. */
  readonly at: (minute: number) => void;
  readonly hear: (news: Heard) => void;
  readonly kept: () => Incidents;
}

export function lab(options: LabOptions = {}): Lab {
  const { open = [], rules, clock = new ManualClock(START_MS), isKept = true, lines = [] } = options;
  const { isHeard = true } = options;
  let ids = 0;
  const id = options.id ?? ((): string => `#${++ids}`);
  const minute = (): number => (clock.now() - START_MS) / MINUTE_MS;
  const told: IncidentEvent[] = [];
  let kept: Incidents = open;
  const watch = watchIncidents({
    clock,
    ids: id,
    tell(event) {
      told.push(event as IncidentEvent);
      lines.push(lineOf(event as IncidentEvent, minute()));
      if (isHeard && event.type === 'incident.opened') watch.acknowledge(event.incident.id);
    },
    keep: ({ incidents }) => {
      kept = incidents;
      return isKept;
    },
    open,
    rules: { ...defaultIncidentRules, ...rules },
  });
  const at = (when: number): void => clock.advance(START_MS + when * MINUTE_MS - clock.now());
  const hear = ({ event, isResident }: Heard): void =>
    isResident ? watch.hearResident(event) : watch.hear(event);
  return { ...watch, clock, lines, told, at, hear, kept: () => kept };
}

export type Story = readonly [
  name: string,
  news: readonly (readonly [number, Heard])[],
  lines: readonly string[],
];

/** Longer than any of them. In minutes, as all times of stories. */
export const DAYS: number = 3 * 24 * HOUR;

/** What is told of a story until long after its end, and the timers that are left then. */
export function retold(
  news: Story[1],
  options?: LabOptions,
): { readonly lines: readonly string[]; readonly timers: number } {
  const { clock, at, hear, lines } = lab(options);
  for (const [minute, one] of news) {
    at(minute);
    hear(one);
  }
  at(DAYS);
  return { lines, timers: clock.pending };
}
