// Looks after the open incidents of a data folder: says that this process has some, and takes what a life of the same
// service has left that is over. Has a timer only while there are open ones, its own or others'.
import type { Clock } from '../actor/clock.ts';
import { RENEW_MS } from '../recorder/store/incidents.ts';
import type { IncidentRecords, IncidentRow } from '../recorder/store/stored-incident.ts';

export interface IncidentCare {
  /** There may be open ones now. */
  readonly begin: () => void;
  /** Leaves those that are open to the next life. */
  readonly end: () => void;
}

export interface IncidentCareOptions {
  readonly records: Pick<IncidentRecords, 'takeUp' | 'renew' | 'leave'>;
  readonly clock: Clock;
  readonly hasOpen: () => boolean;
  readonly onTakenUp: (rows: readonly IncidentRow[]) => void;
}

/** Looks for the first time a turn later. */
export function takeCareOfIncidents(options: IncidentCareOptions): IncidentCare {
  const { records, clock, hasOpen, onTakenUp } = options;
  let isOver = false;
  /** Of a life that goes on, as far as is known: it may end any time. */
  let hasOthers = false;
  let disarm: (() => void) | undefined;
  const arm = (): void => {
    if (isOver || disarm !== undefined || !(hasOthers || hasOpen())) return;
    disarm = clock.after(RENEW_MS, () => {
      disarm = undefined;
      if (hasOpen()) attempt(records.renew);
      if (hasOthers) look();
      arm();
    });
  };
  const look = (): void => {
    hasOthers = true;
    attempt(() => {
      const { rows, hasOthers: areThere } = records.takeUp();
      hasOthers = areThere;
      onTakenUp(rows);
    });
    arm();
  };
  setImmediate(() => {
    if (!isOver) look();
  });
  return {
    begin: arm,
    end() {
      isOver = true;
      disarm?.();
      if (hasOpen()) attempt(records.leave);
    },
  };
}

/** The store is away for now: whoever owns it tells people so, and the next turn tries again. */
function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // As above.
  }
}
