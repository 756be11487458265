// What is usual for one metric: over all that was seen, at this hour of the day, and lately. Normal values go on
// teaching it, slowly; a value that is off does not.
import type { Nature } from './metrics.ts';
import { type Range, widen } from './range.ts';
import { createReservoir, offer, type Reservoir, type ReservoirSize } from './reservoir.ts';
import { emptySeason, type Season, teachSeason, usualAt } from './season.ts';
import { plainShare } from './settings.ts';
import { type Statistics, statisticsOf } from './statistics.ts';

export interface Baseline {
  readonly whole: Reservoir;
  readonly season: Season;
  /** Where it has stayed; undefined before the first level. */
  readonly range: Range | undefined;
  /** The newest normal values, oldest first. */
  readonly recent: readonly number[];
  /** Wall-clock ms of the first value. */
  readonly sinceMs: number;
}

export interface Judgement {
  readonly isOff: boolean;
  readonly expected: number;
  /** In robust standard deviations; negative below. */
  readonly deviation: number;
}

export interface Rules {
  readonly nature: Nature;
  readonly threshold: number;
}

const DAY_MS = 86_400_000;
const CAPACITY = 256;
/** So that half of what is known is of the last ten days at the default pace. */
const SIZE: ReservoirSize = { capacity: CAPACITY, memory: 40_000 };
/** A quarter of an hour at the default pace. */
const RECENT = 30;
/** Of the standard deviation over all hours, the least that is taken for that of one. */
const OTHER_HOURS = 0.15;
/** So many samples in a row make a level. */
const LEVEL = 3;
const GROWTH = 0.01;
/** In so short a time a metric shows only a part of its usual spread: its threshold is so many times higher. */
const SUDDEN = 2;
/** A change of less than 7 % (3.5 of them) is taken for no change, however constant the metric is. */
const RELATIVE_FLOOR = 0.02;
/** For a count that never changes: from 4 workers to 3 is a change. */
const CONSTANT_FLOOR = 0.1;
/** Of what has hardly ever happened a first time is an event, no level: it takes some of them. */
const FIRST_FLOOR = 1;
/** Of the range that was seen: what is no further beyond it is of the same kind. */
const BEYOND = 0.5;
/** Few values tell the spread badly: of 15 the threshold is a quarter higher, of 256 a sixtieth. */
const FEW = 4;
/** The median absolute deviation of a normal distribution is 0.6745 of its standard deviation. */
const MAD_SCALE = 0.6745;

export function createBaseline(sinceMs: number): Baseline {
  return { whole: createReservoir([]), season: emptySeason, range: undefined, recent: [], sinceMs };
}

export function teach(baseline: Baseline, atMs: number, value: number): Baseline {
  const recent = [...baseline.recent.slice(1 - RECENT), value];
  const held = recent.slice(-LEVEL);
  const levels = {
    held,
    middle: baseline.whole.statistics.median,
    fading: 1 / SIZE.memory,
    growth: isYoung(baseline, atMs) ? Number.POSITIVE_INFINITY : GROWTH,
  };
  return {
    ...baseline,
    whole: offer(baseline.whole, value, SIZE),
    season: teachSeason(baseline.season, atMs, value),
    range: held.length < LEVEL ? baseline.range : widen(baseline.range, levels),
    recent,
  };
}

/**
 * Where the hour is known, off is what is off from this hour, and from all that was seen or from what was lately: the
 * rise of a morning is no anomaly, nor is a Sunday. Before, it is what is off from all; on the first day, of which
 * little is known, from lately too.
 */
export function judge(baseline: Baseline, atMs: number, value: number, given: Rules): Judgement {
  // What differs by the hour is no constant, however still it is within one.
  const rules = { ...given, isConstant: baseline.whole.statistics.sd === 0 };
  const whole = compare(baseline.whole.statistics, value, { ...rules, range: baseline.range });
  const usual = usualAt(baseline.season, atMs);
  // A few values tell the spread of an hour badly; what the metric does at other hours is a part of it.
  const spread = OTHER_HOURS * baseline.whole.statistics.sd;
  const hour = usual && compare(usual, value, { ...rules, spread });
  const isSudden = (): boolean =>
    baseline.recent.length > 0 &&
    compare(statisticsOf(baseline.recent), value, { ...rules, threshold: SUDDEN * rules.threshold }).isOff;
  const isOff =
    hour === undefined
      ? whole.isOff && (!isYoung(baseline, atMs) || isSudden())
      : hour.isOff && (whole.isOff || isSudden());
  return { ...(hour ?? whole), isOff };
}

/** It has not seen a whole day yet. */
const isYoung = ({ sinceMs }: Baseline, atMs: number): boolean => atMs - sinceMs < DAY_MS;

interface Known {
  readonly range?: Range | undefined;
  /** All that was seen is one value. */
  readonly isConstant: boolean;
  /** Smallest standard deviation beside the floors of the metric's nature. */
  readonly spread?: number;
}

/**
 * Both scores must agree: the median is blind to bursts that are rare but usual, the mean is drawn by a few extremes;
 * what is off for only one of them is off for nobody. And it must lie well outside of what was seen.
 */
function compare(
  usual: Statistics,
  value: number,
  { nature, threshold, range, isConstant, spread = 0 }: Rules & Known,
): Judgement {
  const distance = value - usual.median;
  const floor = Math.max(spread, floorOf(usual, nature, isConstant));
  const mad = distance < 0 ? usual.madBelow : usual.madAbove;
  const robust = distance / Math.max(mad / MAD_SCALE, floor);
  const plain = (value - usual.mean) / Math.max(usual.sd, floor);
  const needed = threshold * (1 + FEW / usual.count);
  const isOff =
    isOutside(value, range ?? { low: usual.min, high: usual.max }) &&
    isOfInterest(distance, nature) &&
    Math.abs(robust) > needed &&
    Math.abs(plain) > needed * plainShare;
  return { isOff, expected: usual.median, deviation: robust };
}

function isOutside(value: number, { low, high }: Range): boolean {
  const beyond = (high - low) * BEYOND;
  return value < low - beyond || value > high + beyond;
}

function floorOf({ median, mean, areWhole }: Statistics, nature: Nature, isConstant: boolean): number {
  const level = Math.max(Math.abs(median), Math.abs(mean));
  // What has a unit is no count.
  const counted = areWhole && nature.floor === 0 ? countFloor(level, isConstant) : 0;
  return Math.max(RELATIVE_FLOOR * level, nature.floor, counted, Number.EPSILON);
}

/** What happens at random, so many times on average, has the root of that as its standard deviation (Poisson). */
function countFloor(level: number, isConstant: boolean): number {
  if (isConstant && level > 0) return CONSTANT_FLOOR;
  return Math.max(FIRST_FLOOR, Math.sqrt(level));
}

const isOfInterest = (distance: number, { direction }: Nature): boolean =>
  direction === 'both' || (direction === 'up' ? distance > 0 : distance < 0);
