// What is told of an incident: that it is one, as soon as it is grave enough, what has joined it since, and its end.
// Pure.
import type { Subject } from '../skill.ts';
import type { IncidentEnd, IncidentEvent } from '../telemetry/incident-events.ts';
import { asTold, type IncidentRules, isGraveEnough, isOver, type OpenIncident } from './incident.ts';
import type { Title } from './incident-title.ts';

export interface Told {
  readonly now: OpenIncident;
  readonly told: readonly IncidentEvent[];
}

interface Moment {
  readonly nowMs: number;
  readonly rules: IncidentRules;
}

/** For the first time, if it is grave enough. */
export function raised(incident: OpenIncident, { nowMs, rules }: Moment): Told {
  if (!isGraveEnough(incident, rules)) return { now: incident, told: [] };
  const now = { ...incident, toldAtMs: nowMs };
  return { now, told: [{ type: 'incident.opened', incident: asTold(now) }] };
}

export interface Update {
  readonly why: Extract<IncidentEvent, { type: 'incident.updated' }>['why'];
  readonly what: Title;
  /** Of what has joined. */
  readonly subjects: readonly Subject[];
}

/** Something has joined it that is to be told. */
export function informed(
  before: OpenIncident,
  joined: OpenIncident,
  { why, what, subjects, moment }: Update & { readonly moment: Moment },
): Told {
  if (before.toldAtMs === undefined || isUnheard(before)) return raised(joined, moment);
  const now = { ...joined, toldAtMs: moment.nowMs };
  return {
    now,
    told: [{ type: 'incident.updated', incident: asTold(now), why, what: what.text, subjects }],
  };
}

/** Something has joined it that is not to be told. */
export const joinedQuietly = (before: OpenIncident, joined: OpenIncident, moment: Moment): Told =>
  isUnheard(before) ? raised(joined, moment) : { now: joined, told: [] };

/** Told by an earlier life that died before its main heard of it: opened again, under the same id. */
const isUnheard = ({ left, isHeard, toldAtMs }: OpenIncident): boolean =>
  left !== undefined && toldAtMs !== undefined && isHeard !== true;

/** What was never told needs no end. */
export function closed(incident: OpenIncident, why: IncidentEnd, nowMs: number): readonly IncidentEvent[] {
  const { toldAtMs, lastAtMs, startedAtMs, left } = incident;
  if (toldAtMs === undefined) return [];
  const endedAtMs = left?.atMs ?? (isOver(incident) ? lastAtMs : nowMs);
  const lastedMs = Math.max(0, endedAtMs - startedAtMs);
  return [{ type: 'incident.closed', incident: asTold(incident), why, lastedMs }];
}
