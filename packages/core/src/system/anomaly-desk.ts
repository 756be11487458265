// The anomaly detector at work on the recorder thread: sampled, told, kept, and with an investigation for each incident.
import type { Clock } from '../actor/clock.ts';
import { asJson } from '../json.ts';
import { createAnomalyDetector } from '../recorder/anomaly/anomaly-detector.ts';
import type { BaselineShelf } from '../recorder/anomaly/baseline-shelf.ts';
import { reasonFor } from '../recorder/anomaly/episode.ts';
import type { AnomalySettings } from '../recorder/anomaly/settings.ts';
import type { Sample, Sampling } from '../recorder/sampling.ts';
import { redactText } from '../redact.ts';
import type { Trigger } from '../schedule/trigger.ts';
import type { Skill } from '../skill.ts';
import type { Anomaly } from '../telemetry/continuous-events.ts';
import type { LensEvent } from '../telemetry/events.ts';

export interface AnomalyWatch {
  /** A metric left its normal range; returns the undo. */
  onAnomaly(listener: (anomaly: Anomaly) => void): () => void;
  /** The anomalies that go on. */
  current(): readonly Anomaly[];
  /** Watches these skills, and no others any more. */
  follow(skills: Iterable<string>): void;
  /** What was learned is kept. */
  close(): void;
}

export interface AnomalyWatchOptions {
  readonly settings: AnomalySettings;
  readonly sampling: Sampling;
  /** What a skill declares of its fields. */
  readonly kindsOf: (skill: string) => Skill['metrics'];
  readonly clock: Clock;
  readonly tell: (event: LensEvent) => void;
  readonly trigger: Pick<Trigger, 'fire'>;
  /** Undefined without a data folder. */
  readonly shelf: BaselineShelf | undefined;
}

/** All skills of one round have answered by then: those on main have 1.5 s. */
const GATHER_MS = 2_000;
/** What was learned since may be lost with the process, in ms. */
const KEEP_EVERY_MS = 600_000;

export function startAnomalyWatch(options: AnomalyWatchOptions): AnomalyWatch {
  const { settings, sampling, kindsOf, clock, tell, shelf } = options;
  const detector = createAnomalyDetector(settings, shelf?.read());
  const incidents = createIncidents(options);
  const listeners = new Set<(anomaly: Anomaly) => void>();
  const followed = new Map<string, () => void>();
  const keep = (): void => shelf?.write(detector.state);
  const undo = [clock.every(KEEP_EVERY_MS, keep), incidents.close];
  const hear = (sample: Sample): void => {
    if ('error' in sample) return;
    for (const event of detector.observe({ ...sample, kinds: kindsOf(sample.skill) })) {
      tell(event);
      if (event.type !== 'anomaly.detected') continue;
      for (const listener of listeners) listener(event.anomaly);
      incidents.add(event.anomaly, detector.incidentSinceMs === sample.atMs);
    }
  };
  return {
    onAnomaly(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    current: detector.current,
    follow(skills) {
      const wanted = new Set(skills);
      for (const [skill, unfollow] of followed)
        if (!wanted.has(skill)) {
          unfollow();
          followed.delete(skill);
        }
      for (const skill of wanted)
        if (!followed.has(skill)) followed.set(skill, sampling.follow(skill, settings.sampleEveryMs, hear));
    },
    close() {
      for (const end of [...undo, ...followed.values()]) end();
      followed.clear();
      keep();
    },
  };
}

interface Incidents {
  add(anomaly: Anomaly, isNewIncident: boolean): void;
  close(): void;
}

/** One investigation for each, a moment after its first metric, so that the reason names all that are off by then. */
function createIncidents({ settings, clock, trigger }: AnomalyWatchOptions): Incidents {
  let gathered: readonly Anomaly[] = [];
  let disarm: (() => void) | undefined;
  const investigate = (): void => {
    disarm = undefined;
    const anomalies = gathered;
    gathered = [];
    trigger.fire('anomaly', {
      reason: redactText(reasonFor(anomalies)),
      context: { anomalies: asJson(anomalies) },
    });
  };
  return {
    add(anomaly, isNewIncident) {
      if (!settings.investigate || (!isNewIncident && disarm === undefined)) return;
      gathered = [...gathered, anomaly];
      disarm ??= clock.after(GATHER_MS, investigate);
    },
    close: () => disarm?.(),
  };
}
