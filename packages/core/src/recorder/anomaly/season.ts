// What is usual at each hour of the day, once there are days to tell it from: what is much at night is little at noon.
import { type Statistics, statisticsOf } from './statistics.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A value every 12 minutes: five each day at an hour, of the last 8 days. */
const EVERY_MS = HOUR_MS / 5;
const CAPACITY = 40;
const MIN_DAYS = 3;
const MIN_VALUES = 12;

export interface Hour {
  readonly values: readonly number[];
  /** Different days that values came from, up to those that are needed. */
  readonly days: number;
  /** Wall-clock ms of the newest value. */
  readonly newestAtMs: number;
  readonly statistics: Statistics;
}

/** By the hour of the day in UTC: 24 of them, undefined before the first value. */
export type Season = readonly (Hour | undefined)[];

export const emptySeason: Season = Array.from({ length: 24 }, () => undefined);

const hourOf = (atMs: number): number => Math.floor((((atMs % DAY_MS) + DAY_MS) % DAY_MS) / HOUR_MS);

/** Undefined while that hour has been seen on fewer than three days. */
export function usualAt(season: Season, atMs: number): Statistics | undefined {
  const hour = season[hourOf(atMs)];
  if (hour === undefined || hour.days < MIN_DAYS || hour.values.length < MIN_VALUES) return undefined;
  return hour.statistics;
}

export function teachSeason(season: Season, atMs: number, value: number): Season {
  const place = hourOf(atMs);
  const hour = season[place];
  if (hour !== undefined && atMs - hour.newestAtMs < EVERY_MS && atMs >= hour.newestAtMs) return season;
  const isNewDay = hour === undefined || Math.floor(hour.newestAtMs / DAY_MS) !== Math.floor(atMs / DAY_MS);
  const days = Math.min(MIN_DAYS, (hour?.days ?? 0) + (isNewDay ? 1 : 0));
  return season.with(place, createHour([...(hour?.values ?? []), value].slice(-CAPACITY), days, atMs));
}

export function createHour(values: readonly number[], days: number, newestAtMs: number): Hour {
  return { values, days, newestAtMs, statistics: statisticsOf(values) };
}
