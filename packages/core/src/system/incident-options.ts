// Incidents as an option of a start.
import type { Incident } from '../telemetry/incident-events.ts';
import { type Check, oneOf, shape, wholeNumber } from './checks.ts';

export interface IncidentSettings {
  /**
   * How long nothing may join an incident, and nothing of it go on, before it is closed: what shows again by then is the
   * same incident. In ms, from 1,000. Default 900,000: 15 minutes.
   */
  readonly quietMs?: number;
  /**
   * When it is closed, whatever goes on; what is reported again after that is raised again. In ms, from 60,000. Default
   * 86,400,000: a day.
   */
  readonly longestMs?: number;
  /**
   * What opens one. Beneath it nothing is told; when something of this severity joins what is going on, it is opened with
   * all that belongs to it. Default `warning`.
   */
  readonly minSeverity?: Incident['severity'];
}

export interface IncidentOptions {
  /** What opens an incident, and how long it stays open. */
  readonly incidents?: IncidentSettings;
}

/** The longest timer of Node.js. */
const LONGEST_MS = 2 ** 31 - 1;

export const incidentsCheck: Check = shape({
  quietMs: wholeNumber(1_000, LONGEST_MS),
  longestMs: wholeNumber(60_000, LONGEST_MS),
  minSeverity: oneOf('warning', 'critical'),
});

/** Plain JSON, for it goes to another thread. */
export const incidentsOf = ({ incidents = {} }: IncidentOptions): IncidentSettings =>
  JSON.parse(JSON.stringify(incidents)) as IncidentSettings;
