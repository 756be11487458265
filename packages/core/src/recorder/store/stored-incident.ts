// An incident as it is kept: as it was told last, with its times.
import type { Incident, IncidentEnd } from '../../telemetry/incident-events.ts';
import type { LifeIdentity } from '../black-box/record.ts';

export interface StoredIncident extends Incident {
  /** Wall-clock ms of when it was told of last. */
  readonly updatedAtMs: number;
  /** Absent while it is open. */
  readonly closed?: {
    /** Wall-clock ms. */
    readonly atMs: number;
    readonly why: IncidentEnd;
    /** Until the last of it was over. */
    readonly lastedMs: number;
  };
  /** The one that told of it last. */
  readonly process: Pick<LifeIdentity, 'hostname' | 'pid'>;
}

export interface IncidentRow {
  readonly incident: StoredIncident;
  /** What the next life goes on with; absent when it is closed. */
  readonly resume?: string;
}

/** What keeps incidents; synchronous. */
export interface IncidentRecords {
  /** When it returns, it is written; takes the place of what was known of the incident. @throws `store_unavailable` */
  put(row: IncidentRow): void;
  /**
   * Takes the open ones of lives of this service that are over; from then on they are this one's.
   * @throws `store_unavailable`
   */
  takeUp(): TakenUp;
  /** Says that those of this life are still looked after. @throws `store_unavailable` */
  renew(): void;
  /** Leaves those of this life to the next one. @throws `store_unavailable` */
  leave(): void;
}

export interface TakenUp {
  /** Oldest first. */
  readonly rows: readonly IncidentRow[];
  /** There are open ones of lives that go on, as far as is known. */
  readonly hasOthers: boolean;
}
