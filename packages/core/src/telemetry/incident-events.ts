// What is told of incidents: all that goes wrong at one time, as one alarm. Part of the one table of events.ts.
import type { Id } from '../ids.ts';
import type { Unstored } from '../operator/unstored.ts';
import type { Subject } from '../skill.ts';

export interface Incident {
  readonly id: Id;
  /** The highest of what belongs to it. */
  readonly severity: 'warning' | 'critical';
  /** One line: the root cause where an insight names it, else what was found first of the highest severity. */
  readonly title: string;
  /** Wall-clock ms. */
  readonly startedAtMs: number;
  /** What is to blame as far as it is known, 20 at most. */
  readonly subjects: readonly Subject[];
  /** The findings that belong to it, oldest first; the newest 100. */
  readonly notificationIds: readonly Id[];
  /** The investigations that it started, oldest first; the newest 20. */
  readonly investigationIds: readonly Id[];
}

/**
 * `over`: all of it is, and was quiet for 15 minutes. `too_long`: it has lasted for a day and goes on; it is raised anew
 * when it is reported again. `restarted`: it was open when the process ended, and has not shown in its next life.
 * `stopped`: Nodelens was stopped, and remembers nothing.
 */
export type IncidentEnd = 'over' | 'too_long' | 'restarted' | 'stopped';

export type IncidentEvent = Unstored & IncidentFact;

type IncidentFact =
  | { readonly type: 'incident.opened'; readonly incident: Incident }
  | {
      readonly type: 'incident.updated';
      readonly incident: Incident;
      /** `severity`: a finding that is worse than all before it; `insight`: an investigation named the cause. */
      readonly why: 'finding' | 'severity' | 'insight';
      /** What has joined it, in a line. */
      readonly what: string;
      /** Of what has joined it. */
      readonly subjects: readonly Subject[];
    }
  | {
      readonly type: 'incident.closed';
      readonly incident: Incident;
      readonly why: IncidentEnd;
      /** Until the last of it was over: the quiet time after that does not count. */
      readonly lastedMs: number;
    };

export const incidentEventDocs: { readonly [T in IncidentEvent['type']]: string } = {
  'incident.opened': 'Something is wrong: the one alarm for all that belongs to it.',
  'incident.updated':
    'A finding or an insight joined an incident, or it became worse; `what` and `subjects` tell of it.',
  'incident.closed': 'An incident has ended; `why` tells how: `over`, `too_long`, `restarted` or `stopped`.',
};
