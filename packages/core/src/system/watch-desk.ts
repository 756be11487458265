// What the recorder thread watches by itself, without being asked: snapshots are taken once for all who look at them,
// the anomaly detector and the continuous operators.
import { systemClock } from '../actor/clock.ts';
import { asJson } from '../json.ts';
import { createBaselineShelf } from '../recorder/anomaly/baseline-shelf.ts';
import type { RecorderParts } from '../recorder/run-recorder.ts';
import { createSampling, type Sampling } from '../recorder/sampling.ts';
import { type AnomalyWatch, startAnomalyWatch } from './anomaly-desk.ts';
import { createFindingMarks } from './finding-marks.ts';
import type { HubExtension, RecorderHub } from './hub.ts';
import type { MainNews, RecorderNews } from './recorder-init.ts';
import type { ResidentDesk } from './resident-desk.ts';
import { createSkillReader } from './skill-reader.ts';

/** Starts the watching, for the life of the recorder thread. */
export const watchDesk =
  (residents: ResidentDesk): HubExtension =>
  (parts, hub) => {
    const { init } = hub;
    const reader = createSkillReader(parts, () => init.mainSkills);
    const sampling = createSampling({ snapshot: reader.snapshot, clock: systemClock });
    const anomalies = startDetector(parts, hub, sampling);
    const marks = createFindingMarks({
      store: parts.store,
      clock: systemClock,
      startedAtMs: init.startedAtMs,
      openNotifications: hub.incidents.openNotifications,
    });
    const follow = (): void => anomalies?.follow(init.operators.map(({ skillId }) => skillId));
    follow();
    const undo = parts.onMainMessage((message) => {
      if ((message as unknown as MainNews).type === 'operators') follow();
    });
    const endResidents = residents.start(
      {
        ...parts,
        tell(event) {
          marks.mark(event);
          parts.tell(event);
          hub.incidents.hearResident(event);
        },
      },
      { init, sampling, reader, anomalies },
    );
    return async () => {
      undo();
      // First: the store is closed as soon as the threads below have ended.
      anomalies?.close();
      await endResidents();
      marks.close();
      sampling.close();
      reader.close();
    };
  };

function startDetector(
  { store: { database }, skills, service, tell, postToMain }: RecorderParts,
  { init, trigger }: RecorderHub,
  sampling: Sampling,
): AnomalyWatch | undefined {
  const { anomaly } = init;
  if (anomaly === null) return undefined;
  const warn = (news: RecorderNews): void => postToMain(asJson(news));
  const shelf =
    database &&
    createBaselineShelf({
      database,
      service,
      now: systemClock.now,
      onWarning: (message) => warn({ type: 'store.warning', message }),
    });
  return startAnomalyWatch({
    settings: anomaly,
    sampling,
    clock: systemClock,
    tell,
    trigger,
    shelf,
    kindsOf: (skill) =>
      (
        init.mainSkills.find(({ id }) => id === skill) ??
        (skills.has(skill) ? skills.descriptor(skill) : undefined)
      )?.metrics,
  });
}
