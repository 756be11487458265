// Schedules as data: what is investigated at which times.
import type { InvestigationRequest } from '../coordinator/spec.ts';

export interface ScheduleOptions {
  /** Unique; told with every event of the schedule. */
  readonly name: string;
  /** Five fields (minute, hour, day of the month, month, day of the week), or six with seconds first. */
  readonly cron: string;
  /** IANA name. Default: the time zone of the process. */
  readonly timezone?: string;
  /**
   * Each time is put off by up to so many ms, drawn at random, so that the processes of a fleet do not start together.
   * Default 0; times that come while one is put off are left out.
   */
  readonly jitterMs?: number;
  /** The investigation; see InvestigationRequest for the defaults. */
  readonly run: Pick<InvestigationRequest, 'reason' | 'context' | 'skills' | 'timeoutMs'>;
}
