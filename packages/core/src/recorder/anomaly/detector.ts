// The anomaly detector as a pure reducer: what is known, and one more snapshot of a skill, make what is known then and
// what is to be told. All time is the samples' own.
import type { JsonObject } from '../../json.ts';
import type { Skill } from '../../skill.ts';
import type { Anomaly, ContinuousEvent } from '../../telemetry/continuous-events.ts';
import { metricsOf } from './metrics.ts';
import type { AnomalySettings } from './settings.ts';
import { missMetric, observeMetric, type Step } from './step.ts';
import { createTrack, fellBack, type Track } from './track.ts';

export type AnomalyEvent = Extract<
  ContinuousEvent,
  { readonly type: 'anomaly.learned' | 'anomaly.detected' | 'anomaly.ended' }
>;

/** A snapshot's data with the time that it was taken at, in wall-clock ms. */
export interface MetricsSample {
  readonly skill: string;
  readonly atMs: number;
  readonly data: JsonObject;
  /** What the skill declares of its fields. */
  readonly kinds?: NonNullable<Skill['metrics']> | undefined;
}

interface SkillTracks {
  /** Wall-clock ms of its newest sample. */
  readonly atMs: number;
  /** By field. */
  readonly tracks: ReadonlyMap<string, Track>;
}

export interface DetectorState {
  /** Wall-clock ms of the first sample. */
  readonly sinceMs: number | undefined;
  /** Until then the process warms up, and what is off is not counted; wall-clock ms. */
  readonly settledAtMs: number;
  readonly isLearned: boolean;
  readonly skills: ReadonlyMap<string, SkillTracks>;
}

export interface Observed {
  readonly state: DetectorState;
  readonly events: readonly AnomalyEvent[];
}

/** Caches are cold and code is not compiled yet in the first minutes of a process. */
const SETTLE_MS = 600_000;
/** A metric that has not been seen for so long is forgotten. */
const FORGET_MS = 7 * 86_400_000;

export const emptyDetector: DetectorState = {
  sinceMs: undefined,
  settledAtMs: 0,
  isLearned: false,
  skills: new Map(),
};

/** A sample sooner than half the pace after the one before is left out, so that three in a row are no single moment. */
export function observe(state: DetectorState, sample: MetricsSample, settings: AnomalySettings): Observed {
  const { skill, atMs } = sample;
  const before = state.skills.get(skill);
  if (before !== undefined && atMs - before.atMs < settings.sampleEveryMs / 2 && atMs >= before.atMs)
    return { state, events: [] };
  const sinceMs = state.sinceMs ?? atMs;
  const metrics = metricsOf(sample.data, sample.kinds);
  const settledAtMs = settledAt(state, { atMs, tracks: before?.tracks, metrics }, settings);
  const steps = stepsOf({ sample, metrics, isSettling: atMs < settledAtMs }, before?.tracks, settings);
  const tracks = new Map(steps.map(({ track }) => [track.field, track]));
  const skills = new Map(state.skills).set(skill, { atMs, tracks });
  // One round later, so that all skills have had their last lesson.
  const isLearned = state.isLearned || atMs >= sinceMs + settings.learnMs + settings.sampleEveryMs;
  const events: AnomalyEvent[] = steps.flatMap(({ event }) => event ?? []);
  if (isLearned && !state.isLearned)
    events.unshift({ type: 'anomaly.learned', metrics: learned(skills), learnedForMs: atMs - sinceMs });
  return { state: { sinceMs, settledAtMs, isLearned, skills }, events };
}

/** The anomalies that go on. */
export const anomaliesOf = ({ skills }: DetectorState): readonly Anomaly[] =>
  [...skills.values()].flatMap(({ tracks }) => [...tracks.values()].flatMap(({ anomaly }) => anomaly ?? []));

interface Taken {
  readonly sample: MetricsSample;
  readonly metrics: ReadonlyMap<string, number>;
  readonly isSettling: boolean;
}

function stepsOf(
  { sample: { skill, atMs, kinds = {} }, metrics, isSettling }: Taken,
  tracks: ReadonlyMap<string, Track> = new Map(),
  settings: AnomalySettings,
): readonly Step[] {
  const seen = [...metrics].map(([field, value]) =>
    observeMetric(
      tracks.get(field) ?? createTrack(skill, field, atMs),
      { atMs, value, isSettling, declared: kinds[field] },
      settings,
    ),
  );
  const missed = [...tracks.values()]
    .filter(({ field, newest }) => !metrics.has(field) && atMs - (newest?.atMs ?? atMs) < FORGET_MS)
    .map((track) => missMetric(track, atMs, settings));
  return [...seen, ...missed];
}

interface Looked {
  readonly atMs: number;
  readonly tracks: ReadonlyMap<string, Track> | undefined;
  readonly metrics: ReadonlyMap<string, number>;
}

/** The process began anew when its uptime, or half of the counters of a skill, fell back. */
function settledAt(
  { sinceMs, settledAtMs }: DetectorState,
  { atMs, tracks, metrics }: Looked,
  settings: AnomalySettings,
): number {
  const fromNow = atMs + Math.min(SETTLE_MS, settings.learnMs);
  if (sinceMs === undefined || settledAtMs === Number.POSITIVE_INFINITY) return fromNow;
  const counters = [...(tracks?.values() ?? [])].filter(
    ({ kind, field }) => kind === 'counter' && metrics.has(field),
  );
  const fallen = counters.filter((track) => fellBack(track, metrics.get(track.field) ?? 0));
  const isNew = fallen.some(({ field }) => /uptime/i.test(field)) || fallen.length * 2 > counters.length;
  return isNew ? fromNow : settledAtMs;
}

const learned = (skills: DetectorState['skills']): number =>
  [...skills.values()].reduce(
    (sum, { tracks }) => sum + [...tracks.values()].filter(({ kind }) => kind !== 'learning').length,
    0,
  );
