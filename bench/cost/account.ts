// What came of the month: which incident was raised when and by whom, what was raised although all was well, and what
// woke the operators. Pure.
import type { LensEvent, LensEventOf } from '@nodelens/core';
import type { Incident } from './month.ts';
import type { ToldAt } from './simulate.ts';

/** What a person is told. */
export interface Alarm {
  readonly atMs: number;
  readonly by: string;
  /** The same for what is said twice. */
  readonly what: string;
  /** For people. */
  readonly detail: string;
}

export interface IncidentAccount {
  readonly incident: Incident;
  /** Oldest first. */
  readonly alarms: readonly Alarm[];
  /** Investigations that the anomaly detector started. */
  readonly investigations: number;
  /** Alarms that say what another one has said. */
  readonly repeated: readonly Alarm[];
  readonly insights: readonly string[];
}

export interface Account {
  readonly incidents: readonly IncidentAccount[];
  /** In the healthy rest. */
  readonly falseAlarms: readonly Alarm[];
  /** By operator, then by why. */
  readonly wakes: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** A fault is seen in windows of up to fifteen minutes after it is over. */
const AFTERMATH_MS = 900_000;

export function accountOf(told: readonly ToldAt[], incidents: readonly Incident[]): Account {
  const alarms = alarmsOf(told);
  const isOf =
    ({ fromMs, untilMs }: Incident) =>
    ({ atMs }: { readonly atMs: number }): boolean =>
      atMs >= fromMs && atMs < untilMs + AFTERMATH_MS;
  return {
    incidents: incidents.map((incident) => {
      const own = alarms.filter(isOf(incident));
      const during = told.filter(isOf(incident)).map(({ event }) => event);
      return {
        incident,
        alarms: own,
        investigations: own.filter(({ by }) => by === DETECTOR).length,
        repeated: own.filter(({ what }, index) => own.findIndex((one) => one.what === what) < index),
        insights: during.filter(isInsight).map(({ insight }) => insight.summary),
      };
    }),
    falseAlarms: alarms.filter((alarm) => !incidents.some((incident) => isOf(incident)(alarm))),
    wakes: wakesOf(told),
  };
}

const DETECTOR = 'anomaly detector';

const isInsight = (event: LensEvent): event is LensEventOf<'insight.produced'> =>
  event.type === 'insight.produced';

/** Findings of operators that watch, and investigations that began by themselves. */
function alarmsOf(told: readonly ToldAt[]): readonly Alarm[] {
  // What an investigation finds belongs to the one alarm that started it.
  const investigated = new Set(
    told.flatMap(({ event }) => (event.type === 'investigation.started' ? [event.investigationId] : [])),
  );
  return told.flatMap(({ atMs, event }): readonly Alarm[] => {
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
