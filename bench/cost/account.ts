// What came of the month: which incident was raised when, what was found of it and by whom, what was raised although all
// was well, and what woke the operators. Pure.
import type { LensEvent, LensEventOf } from '@nodelens/core';
import type { Incident } from './month.ts';
import type { ToldAt } from './simulate.ts';

/** What wakes a person. */
export interface Alarm {
  readonly atMs: number;
  readonly id: string;
  readonly severity: string;
  readonly title: string;
}

/** What makes an alarm, or belongs to one. */
export interface Found {
  readonly atMs: number;
  readonly by: string;
  /** The same for what is said twice. */
  readonly what: string;
  /** For people. */
  readonly detail: string;
}

export interface IncidentAccount {
  readonly incident: Incident;
  /** `incident.opened`, oldest first. */
  readonly alarms: readonly Alarm[];
  /** How often those alarms were updated. */
  readonly updates: number;
  /** How the first ended, and how long it lasted in ms; undefined when it was not closed. */
  readonly end: { readonly why: string; readonly lastedMs: number } | undefined;
  /** Its title at the end. */
  readonly title: string | undefined;
  /** Oldest first. */
  readonly found: readonly Found[];
  /** Investigations that the anomaly detector started. */
  readonly investigations: number;
  /** What says the same as another one. */
  readonly repeated: readonly Found[];
  readonly insights: readonly string[];
}

export interface Account {
  readonly incidents: readonly IncidentAccount[];
  /** In the healthy rest. */
  readonly falseAlarms: readonly Alarm[];
  /** In the healthy rest, also what opened no incident. */
  readonly falselyFound: readonly Found[];
  /** By operator, then by why. */
  readonly wakes: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** A fault is seen in windows of up to fifteen minutes after it is over. */
const AFTERMATH_MS = 900_000;

export function accountOf(told: readonly ToldAt[], incidents: readonly Incident[]): Account {
  const alarms = alarmsOf(told);
  const found = foundIn(told);
  const isOf =
    ({ fromMs, untilMs }: Incident) =>
    ({ atMs }: { readonly atMs: number }): boolean =>
      atMs >= fromMs && atMs < untilMs + AFTERMATH_MS;
  return {
    incidents: incidents.map((incident) => {
      const own = found.filter(isOf(incident));
      const raised = alarms.filter(isOf(incident));
      const during = told.filter(isOf(incident)).map(({ event }) => event);
      return {
        incident,
        alarms: raised,
        ...courseOf(told, raised),
        found: own,
        investigations: own.filter(({ by }) => by === DETECTOR).length,
        repeated: own.filter(({ what }, index) => own.findIndex((one) => one.what === what) < index),
        insights: during.filter(isInsight).map(({ insight }) => insight.summary),
      };
    }),
    falseAlarms: alarms.filter((alarm) => !incidents.some((incident) => isOf(incident)(alarm))),
    falselyFound: found.filter((one) => !incidents.some((incident) => isOf(incident)(one))),
    wakes: wakesOf(told),
  };
}

const DETECTOR = 'anomaly detector';

const isInsight = (event: LensEvent): event is LensEventOf<'insight.produced'> =>
  event.type === 'insight.produced';

const alarmsOf = (told: readonly ToldAt[]): readonly Alarm[] =>
  told.flatMap(({ atMs, event }) =>
    event.type === 'incident.opened'
      ? [{ atMs, id: event.incident.id, severity: event.incident.severity, title: event.incident.title }]
      : [],
  );

function courseOf(
  told: readonly ToldAt[],
  alarms: readonly Alarm[],
): Pick<IncidentAccount, 'updates' | 'end' | 'title'> {
  const events = told.flatMap(({ event }) =>
    'incident' in event && alarms.some(({ id }) => id === event.incident.id) ? [event] : [],
  );
  const closed = events.find((event) => event.type === 'incident.closed');
  return {
    updates: events.filter(({ type }) => type === 'incident.updated').length,
    end: closed && { why: closed.why, lastedMs: closed.lastedMs },
    title: events.at(-1)?.incident.title,
  };
}

/** Findings of operators that watch, and investigations that began by themselves. */
function foundIn(told: readonly ToldAt[]): readonly Found[] {
  // What an investigation finds belongs to what started it.
  const investigated = new Set(
    told.flatMap(({ event }) => (event.type === 'investigation.started' ? [event.investigationId] : [])),
  );
  return told.flatMap(({ atMs, event }): readonly Found[] => {
    if (event.type === 'investigation.triggered' && event.isStarted)
      return [{ atMs, by: DETECTOR, what: 'investigation', detail: event.reason }];
    if (event.type !== 'operator.notification' || investigated.has(event.investigationId)) return [];
    const { type, severity, subjects } = event.notification;
    const named = subjects.map(({ kind, name }) => `${kind} ${name}`).join(', ');
    return [{ atMs, by: event.operator, what: `${type} (${severity}) ${named}`.trim(), detail: '' }];
  });
}

function wakesOf(told: readonly ToldAt[]): Account['wakes'] {
  const wakes: Record<string, Record<string, number>> = {};
  for (const { event } of told) {
    if (event.type !== 'operator.woken') continue;
    wakes[event.operator] ??= {};
    const own = wakes[event.operator] as Record<string, number>;
    own[event.why] = (own[event.why] ?? 0) + 1;
  }
  return wakes;
}
