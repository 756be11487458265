// One metric's samples by a function of time, run through the detector; what it told, with the minute of each.
import { createAnomalyDetector } from '../../../src/recorder/anomaly/anomaly-detector.ts';
import type { AnomalyEvent, MetricsSample } from '../../../src/recorder/anomaly/detector.ts';
import type { AnomalySettings } from '../../../src/recorder/anomaly/settings.ts';

export const MINUTE = 60_000;
export const HOUR: number = 60 * MINUTE;
export const DAY: number = 24 * HOUR;
/** A Monday, 00:00 UTC. */
export const START: number = Date.UTC(2026, 10, 2);

export interface Told {
  readonly at: number;
  readonly event: AnomalyEvent;
}

export interface Series {
  readonly settings?: Partial<AnomalySettings>;
  readonly untilMs: number;
  readonly kinds?: NonNullable<MetricsSample['kinds']>;
  readonly everyMs?: number;
  /** Fields of the snapshot at so many ms from the start; undefined: the skill does not answer. */
  readonly data: (ms: number) => Record<string, number | string | null> | undefined;
}

/** Times are in ms from the start. */
export function run({ settings, untilMs, everyMs = 30_000, kinds, data }: Series): readonly Told[] {
  const detector = createAnomalyDetector(settings);
  const told: Told[] = [];
  for (let ms = 0; ms <= untilMs; ms += everyMs) {
    const fields = data(ms);
    if (fields === undefined) continue;
    for (const event of detector.observe({ skill: 'shop', atMs: START + ms, data: fields, kinds }))
      told.push({ at: ms, event });
  }
  return told;
}

/** `detected depth 2:10:00` and the like; without `learned`. */
export const words = (told: readonly Told[]): readonly string[] =>
  told.flatMap(({ at, event }) => {
    if (event.type === 'anomaly.learned') return [];
    const metric = event.type === 'anomaly.detected' ? event.anomaly.metric : event.metric;
    return [`${event.type.slice('anomaly.'.length)} ${metric} ${clock(at)}`];
  });

const clock = (ms: number): string => {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${Math.floor(ms / HOUR)}:${two(Math.floor(ms / MINUTE) % 60)}:${two((ms / 1_000) % 60)}`;
};

/** From -1 to 1, the same for the same number: noise without chance. */
export function wobble(ms: number, salt = 0): number {
  const value = Math.sin(ms / 30_000 + salt * 17) * 43_758.5453;
  return 2 * (value - Math.floor(value)) - 1;
}
