// One more reading of a metric: what is known of it then, and what is to be told. Pure.

import type { MetricKind } from '../../skill.ts';
import type { Anomaly } from '../../telemetry/continuous-events.ts';
import { type Baseline, type Judgement, judge, teach } from './baseline.ts';
import type { AnomalySettings } from './settings.ts';
import { createTrack, metricOf, type Streak, type Track, withKind } from './track.ts';

export interface Reading {
  readonly atMs: number;
  readonly value: number;
  /** The process has just started: what is off is not counted yet. */
  readonly isSettling: boolean;
  /** By its skill. */
  readonly declared?: MetricKind | undefined;
}

export type TrackEvent =
  | { readonly type: 'anomaly.detected'; readonly anomaly: Anomaly }
  | {
      readonly type: 'anomaly.ended';
      readonly skill: string;
      readonly metric: string;
      readonly lastedMs: number;
    };

export interface Step {
  readonly track: Track;
  readonly event?: TrackEvent;
}

/** A metric that is missing for so many samples is gone. */
const GONE_SAMPLES = 10;
/** A longer gap breaks a row, and ends what was lately. */
const GAP_MS = 900_000;
const DAY_MS = 86_400_000;
/** What has lasted so long is how it is now: it is learned anew. */
const ADOPTED_MS = DAY_MS;
const WEEK_MS = 7 * DAY_MS;
const MAX_PAST = 32;
const RECURRENCES = 3;
const SAME_TIME_MS = 3_600_000;
const MIN_SAMPLES = 30;
/** One that was taken for a counter and falls more often than at one in so many steps is none. */
const STEPS_A_FALL = 100;
const MAX_DEVIATION = 1_000;
/** Of its distance from the median. */
const AS_FAR = 0.5;
const RARE = 0.1;
/** About a year of half minutes. */
const ONCE_IN_SAMPLES = 1_000_000;
/** Of `consecutive`. */
const LONGEST = 4;

/** The convention of Prometheus; all others are known by how they go. */
const isNamedCounter = (field: string): boolean => /total$/i.test(field);

export function observeMetric(track: Track, reading: Reading, settings: AnomalySettings): Step {
  const { newest } = track;
  const { atMs, value } = reading;
  if (newest === undefined) return { track: { ...track, newest: { atMs, value } } };
  const isGap = atMs - newest.atMs > Math.max(GAP_MS, GONE_SAMPLES * settings.sampleEveryMs);
  const counted = count(isGap ? afterGap(track) : track, reading);
  const seconds = (atMs - newest.atMs) / 1_000;
  const rate = value < newest.value || seconds <= 0 ? undefined : (value - newest.value) / seconds;
  switch (counted.kind) {
    case 'learning':
      return { track: learn(counted, { ...reading, rate }, settings) };
    case 'gauge':
      return watch(counted, { ...reading, value }, settings);
    case 'counter':
      if (counted.falls * STEPS_A_FALL > counted.steps && counted.falls > 2)
        return { track: { ...createTrack(track.skill, track.field, atMs), newest: { atMs, value } } };
      return rate === undefined ? { track: counted } : watch(counted, { ...reading, value: rate }, settings);
    default:
      return counted.kind satisfies never;
  }
}

/** For a metric that is missing in a sample: what went on with it is over after a while. */
export function missMetric(track: Track, atMs: number, settings: AnomalySettings): Step {
  const isGone = atMs - (track.newest?.atMs ?? atMs) > GONE_SAMPLES * settings.sampleEveryMs;
  if (!isGone || (track.anomaly === undefined && track.streak === undefined)) return { track };
  return ended(afterGap(track), atMs, settings);
}

function count(track: Track, { atMs, value }: Reading): Track {
  const before = track.newest?.value ?? value;
  return {
    ...track,
    newest: { atMs, value },
    steps: track.steps + 1,
    rises: track.rises + (value > before ? 1 : 0),
    falls: track.falls + (value < before ? 1 : 0),
  };
}

function afterGap(track: Track): Track {
  const forget = (baseline: Baseline | undefined): Baseline | undefined =>
    baseline && { ...baseline, recent: [] };
  return { ...track, streak: undefined, values: forget(track.values), rates: forget(track.rates) };
}

interface Learned extends Reading {
  readonly rate: number | undefined;
}

function learn(track: Track, { atMs, value, rate, declared }: Learned, settings: AnomalySettings): Track {
  const values = track.values && teach(track.values, atMs, value);
  const rates = rate === undefined ? track.rates : track.rates && teach(track.rates, atMs, rate);
  const learning = { ...track, values, rates };
  const needed = Math.min(
    MIN_SAMPLES,
    Math.max(4, Math.floor(settings.learnMs / settings.sampleEveryMs / 2)),
  );
  const isLearned =
    track.steps >= needed && values !== undefined && atMs - values.sinceMs >= settings.learnMs;
  if (!isLearned) return learning;
  const kind = declared ?? (isCounter(track) ? 'counter' : 'gauge');
  return withKind(learning, kind === 'none' ? 'gauge' : kind, learning);
}

/** By its name, or because it never falls and mostly grows. */
const isCounter = ({ field, falls, rises, steps }: Track): boolean =>
  isNamedCounter(field) || (falls === 0 && rises * 2 > steps);

function watch(track: Track, reading: Reading, settings: AnomalySettings): Step {
  const { atMs, value, isSettling } = reading;
  const baseline = track.kind === 'counter' ? track.rates : track.values;
  if (baseline === undefined) return { track };
  const rules = { nature: track.nature, threshold: settings.threshold };
  const judgement = judge(baseline, atMs, value, rules);
  if (!judgement.isOff || recurs(track, atMs)) {
    const taught = teachAll(baseline, atMs, [...burstOf(track), value]);
    return calmDown({ ...track, ...of(track, taught), streak: undefined }, atMs, settings);
  }
  if (isSettling) return { track: { ...track, streak: undefined } };
  return rise(track, { ...judgement, atMs, value }, settings);
}

/** What was off but did not last is how the metric is at times. */
const burstOf = ({ streak, anomaly }: Track): readonly number[] =>
  streak === undefined || anomaly !== undefined ? [] : streak.values;

/** A metric that is as far off by itself at times must be so for longer: so long as chance would hardly make it. */
function inARow({ values, rates }: Track, value: number, consecutive: number): number {
  const whole = (values ?? rates)?.whole;
  if (whole === undefined) return consecutive;
  const { median } = whole.statistics;
  const isAsFar = (other: number): boolean => (other - median) / (value - median) >= AS_FAR;
  const share = whole.values.filter(isAsFar).length / whole.values.length;
  // What is no rarity is off for the hour alone.
  if (share === 0 || share > RARE) return consecutive;
  const byChance = Math.ceil(Math.log(ONCE_IN_SAMPLES) / -Math.log(share));
  return Math.min(Math.max(byChance, consecutive), LONGEST * consecutive);
}

const teachAll = (baseline: Baseline, atMs: number, values: readonly number[]): Baseline =>
  values.reduce((taught, value) => teach(taught, atMs, value), baseline);

/** What came at the same time on three days of the last week is how the day goes: a job of the night. */
function recurs({ past, anomaly }: Track, atMs: number): boolean {
  if (anomaly !== undefined || past.length < RECURRENCES) return false;
  const alike = past.filter((pastMs) => {
    const away = (((atMs - pastMs) % DAY_MS) + DAY_MS) % DAY_MS;
    return Math.min(away, DAY_MS - away) <= SAME_TIME_MS;
  });
  return new Set(alike.map((pastMs) => Math.round((atMs - pastMs) / DAY_MS))).size >= RECURRENCES;
}

const of = ({ kind }: Track, baseline: Baseline): Partial<Track> =>
  kind === 'counter' ? { rates: baseline } : { values: baseline };

function rise(
  track: Track,
  { atMs, value, expected, deviation }: Judgement & { readonly atMs: number; readonly value: number },
  settings: AnomalySettings,
): Step {
  const needed = inARow(track, value, settings.consecutive);
  const streak: Streak = {
    count: (track.streak?.count ?? 0) + 1,
    sinceMs: track.streak?.sinceMs ?? atMs,
    values: needed === 1 ? [] : [...(track.streak?.values ?? []), value].slice(1 - needed),
  };
  const rising: Track = { ...track, streak, calm: 0 };
  if (track.anomaly !== undefined) {
    if (atMs - track.anomaly.sinceMs < ADOPTED_MS) return { track: rising };
    const { newest, skill, field } = track;
    const over = ended(track, atMs, settings);
    return { ...over, track: { ...createTrack(skill, field, atMs), newest } };
  }
  // A single burst is off for as long as its window.
  const hasLasted = streak.count >= needed && atMs - streak.sinceMs > track.nature.windowMs;
  if (!hasLasted || atMs < track.coolUntilMs) return { track: rising };
  const anomaly: Anomaly = {
    skill: track.skill,
    metric: metricOf(track),
    value,
    expected,
    deviation: Math.max(-MAX_DEVIATION, Math.min(MAX_DEVIATION, deviation)),
    sinceMs: streak.sinceMs,
  };
  const past = [...track.past.filter((pastMs) => atMs - pastMs < WEEK_MS), streak.sinceMs].slice(-MAX_PAST);
  return { track: { ...rising, anomaly, past }, event: { type: 'anomaly.detected', anomaly } };
}

function calmDown(track: Track, atMs: number, settings: AnomalySettings): Step {
  if (track.anomaly === undefined) return { track };
  const calm = track.calm + 1;
  return calm < settings.consecutive ? { track: { ...track, calm } } : ended(track, atMs, settings);
}

function ended(track: Track, atMs: number, { coolDownMs }: AnomalySettings): Step {
  const { anomaly, skill } = track;
  const over: Track = { ...track, anomaly: undefined, streak: undefined, calm: 0 };
  if (anomaly === undefined) return { track: over };
  return {
    track: { ...over, coolUntilMs: atMs + coolDownMs },
    event: { type: 'anomaly.ended', skill, metric: anomaly.metric, lastedMs: atMs - anomaly.sinceMs },
  };
}
