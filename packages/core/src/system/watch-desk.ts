// What the recorder thread watches by itself, without being asked: snapshots are taken once for all who look at them,
// the continuous operators among them.
import { systemClock } from '../actor/clock.ts';
import type { RecorderExtension } from '../recorder/run-recorder.ts';
import { createSampling } from '../recorder/sampling.ts';
import type { MainNews, RecorderInit } from './recorder-init.ts';
import type { ResidentDesk } from './resident-desk.ts';
import { createSkillReader } from './skill-reader.ts';

/** Starts the watching, for the life of the recorder thread. */
export const watchDesk =
  (residents: ResidentDesk): RecorderExtension =>
  (parts) => {
    const init = { ...(parts.init as unknown as RecorderInit) };
    const undo = parts.onMainMessage((message) => {
      const { type, ...renewed } = message as unknown as MainNews;
      if (type === 'operators') Object.assign(init, renewed);
    });
    const reader = createSkillReader(parts, () => init.mainSkills);
    const sampling = createSampling({ snapshot: reader.snapshot, clock: systemClock });
    const endResidents = residents.start(parts, { init, sampling, reader, anomalies: undefined });
    return async () => {
      await endResidents();
      undo();
      sampling.close();
      reader.close();
    };
  };
