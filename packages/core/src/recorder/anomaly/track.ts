// What is known of one metric: whether it is a counter, what is usual, and whether it is off.
import type { Anomaly } from '../../telemetry/continuous-events.ts';
import { type Baseline, createBaseline } from './baseline.ts';
import { type Nature, natureOf, rateName } from './metrics.ts';

/** Samples in a row that are off. */
export interface Streak {
  readonly count: number;
  /** Wall-clock ms of its first sample. */
  readonly sinceMs: number;
  /** As many as do not make an anomaly yet. */
  readonly values: readonly number[];
}

export interface Track {
  readonly skill: string;
  /** Field of the snapshot. */
  readonly field: string;
  /** `learning`: not told yet, both its values and its rates are learned. */
  readonly kind: 'learning' | 'gauge' | 'counter';
  /** Of what is told: of the field, or of its rate. */
  readonly nature: Nature;
  readonly newest: { readonly atMs: number; readonly value: number } | undefined;
  readonly steps: number;
  readonly rises: number;
  readonly falls: number;
  readonly values: Baseline | undefined;
  readonly rates: Baseline | undefined;
  readonly streak: Streak | undefined;
  /** Normal samples in a row while an anomaly goes on. */
  readonly calm: number;
  readonly anomaly: Anomaly | undefined;
  /** Wall-clock ms of the anomalies of the last week. */
  readonly past: readonly number[];
  /** Wall-clock ms; not told before. */
  readonly coolUntilMs: number;
}

export function createTrack(skill: string, field: string, sinceMs: number): Track {
  return {
    skill,
    field,
    kind: 'learning',
    nature: natureOf(field),
    newest: undefined,
    steps: 0,
    rises: 0,
    falls: 0,
    values: createBaseline(sinceMs),
    rates: createBaseline(sinceMs),
    streak: undefined,
    calm: 0,
    anomaly: undefined,
    past: [],
    coolUntilMs: 0,
  };
}

/** A track of that kind: a counter has rates alone, a gauge values alone. */
export function withKind(
  track: Track,
  kind: Track['kind'],
  { values, rates }: Pick<Track, 'values' | 'rates'>,
): Track {
  switch (kind) {
    case 'learning':
      return { ...track, kind, values, rates };
    case 'gauge':
      return { ...track, kind, values, rates: undefined };
    case 'counter':
      return { ...track, kind, nature: natureOf(rateName(track.field)), values: undefined, rates };
    default:
      return kind satisfies never;
  }
}

export const metricOf = ({ field, kind }: Track): string => (kind === 'counter' ? rateName(field) : field);

/** Whether a counter began anew. */
export const fellBack = ({ kind, newest }: Track, value: number): boolean =>
  kind === 'counter' && newest !== undefined && value < newest.value;
