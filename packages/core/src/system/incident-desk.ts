// Incidents on the recorder thread, where a blocked main can neither delay nor lose one. Those that are open outlive
// the thread.
import { systemClock } from '../actor/clock.ts';
import { createIncidentShelf } from '../continuous/incident-shelf.ts';
import { type IncidentWatch, watchIncidents } from '../continuous/incident-watch.ts';
import { revived } from '../continuous/incidents.ts';
import { randomId } from '../ids.ts';
import type { RecorderParts } from '../recorder/run-recorder.ts';
import type { RecorderInit } from './recorder-init.ts';

export type IncidentDesk = Pick<IncidentWatch, 'hearResident' | 'close'>;

/** Hears all that is told on this thread; what continuous operators tell must be given to it as well. */
export function createIncidentDesk(
  { incidentVault, tell, onTold }: RecorderParts,
  { operators }: RecorderInit,
): IncidentDesk {
  const shelf = createIncidentShelf(incidentVault);
  const nowMs = systemClock.now();
  const watch = watchIncidents({
    clock: systemClock,
    ids: randomId,
    tell,
    // Operators remember for as long as they do not report it again.
    open: revived(shelf.read(), nowMs, ({ operator, reportedAtMs }) => {
      const { limits } = operators.find(({ name }) => name === operator) ?? {};
      return limits !== undefined && nowMs - reportedAtMs < limits.repeatAfterMs;
    }),
    keep: shelf.write,
  });
  const undo = onTold(watch.hear);
  return {
    hearResident: watch.hearResident,
    close() {
      undo();
      watch.close();
    },
  };
}
