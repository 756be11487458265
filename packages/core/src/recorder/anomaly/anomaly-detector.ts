// The reducer with its state kept: for the recorder thread, and for whoever replays recorded metrics.
import type { Anomaly } from '../../telemetry/continuous-events.ts';
import {
  type AnomalyEvent,
  anomaliesOf,
  type DetectorState,
  emptyDetector,
  type MetricsSample,
  observe,
} from './detector.ts';
import { type Episode, join, prolong } from './episode.ts';
import { type AnomalySettings, defaultAnomalySettings } from './settings.ts';

/** Finds metrics that leave their normal range; see docs/anomalies.md. Takes no time but the samples' own. */
export interface AnomalyDetector {
  /** Takes the snapshots of each skill in the order of their time; returns what is to be told of them. */
  observe(sample: MetricsSample): readonly AnomalyEvent[];
  /** The anomalies that go on. */
  current(): readonly Anomaly[];
  /**
   * When the incident that goes on was told first, in wall-clock ms: anomalies belong to one as long as one of them goes
   * on or ended a cool-down ago at most, for 6 hours at the longest. Undefined before the first.
   */
  readonly incidentSinceMs: number | undefined;
  /** All that it knows, as data. */
  readonly state: DetectorState;
}

/** @param settings what differs from the defaults of {@link AnomalySettings}; not validated. */
export function createAnomalyDetector(
  settings: Partial<AnomalySettings> = {},
  initial: DetectorState = emptyDetector,
): AnomalyDetector {
  const all: AnomalySettings = { ...defaultAnomalySettings, ...settings };
  let state = initial;
  let episode: Episode | undefined;
  const { coolDownMs } = all;
  return {
    observe(sample) {
      const observed = observe(state, sample, all);
      state = observed.state;
      const { atMs } = sample;
      const ongoing = anomaliesOf(state).length;
      if (observed.events.some(({ type }) => type === 'anomaly.detected'))
        episode = join(episode, { atMs, ongoing, coolDownMs });
      episode = prolong(episode, { atMs, ongoing, coolDownMs });
      return observed.events;
    },
    current: () => anomaliesOf(state),
    get incidentSinceMs() {
      return episode?.sinceMs;
    },
    get state() {
      return state;
    },
  };
}
