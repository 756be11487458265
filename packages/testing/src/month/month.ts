// A month of a service's metrics, made from a seed: days and weeks, releases, a nightly job, noise, and five incidents.
// The same seed makes the same month everywhere.
import { createRandom } from '../chaos/random.ts';
import { type Incident, incidents } from './incidents.ts';
import { createNoise, createWander } from './noise.ts';
import { type Conditions, createService } from './service.ts';
import { snapshotsOf } from './snapshots.ts';

/** One skill's snapshot, as a line of a metrics file has it. */
export interface MonthSample {
  readonly skill: string;
  /** Wall-clock ms. */
  readonly atMs: number;
  readonly data: Readonly<Record<string, number | string>>;
}

export interface MonthOptions {
  /** Default 1. */
  readonly seed?: number;
  /** Default 30. */
  readonly days?: number;
  /** Default 30,000. */
  readonly everyMs?: number;
  /** Default: the five of `incidents`. */
  readonly incidents?: readonly Incident[];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Monday, 2 November 2026, 00:00 UTC. */
export const monthStartMs: number = Date.UTC(2026, 10, 2);
/** Requests per second at the busiest. */
const PEAK = 140;
/** Hours (UTC) of the releases, by weekday from Monday. */
const RELEASES: readonly (number | undefined)[] = [
  undefined,
  10.3,
  undefined,
  14.6,
  undefined,
  undefined,
  undefined,
];
const COLD_MS = 4 * MINUTE_MS;
const BATCH = { fromMs: 1.2 * HOUR_MS, untilMs: 1.5 * HOUR_MS };

/** In order of time; all skills of one moment together. */
export function* month(options: MonthOptions = {}): Generator<MonthSample> {
  const { seed = 1, days = 30, everyMs = 30_000, incidents: own = incidents } = options;
  const random = createRandom(seed);
  const service = createService(random);
  const noise = createNoise(random);
  const mood = createWander(noise, 240);
  let startedMs = -DAY_MS;
  for (let ms = 0; ms < days * DAY_MS; ms += everyMs) {
    if (isRelease(ms, everyMs)) {
      service.restart();
      startedMs = ms;
    }
    const coldness = Math.exp(-(ms - startedMs) / COLD_MS);
    const usual: Conditions = {
      demand: PEAK * loadAt(ms) * Math.exp(0.06 * mood()),
      trafficShare: 1,
      partnerSlowness: 1,
      leakedMb: 0,
      hitRatio: 0.94,
      blockedMs: 0,
      coldness,
      isBatch: ms % DAY_MS >= BATCH.fromMs && ms % DAY_MS < BATCH.untilMs,
    };
    const figures = service.step(Object.assign({}, usual, ...effectsAt(own, ms)), everyMs / 1_000);
    for (const [skill, fields] of Object.entries(snapshotsOf(figures, everyMs / 1_000, noise)))
      yield { skill, atMs: monthStartMs + ms, data: fields };
  }
}

const effectsAt = (all: readonly Incident[], ms: number): readonly Partial<Conditions>[] =>
  all
    .filter(({ fromMs, untilMs }) => ms >= fromMs && ms < untilMs)
    .map(({ fromMs, untilMs, effect }) => effect((ms - fromMs) / (untilMs - fromMs)));

/** From 0 to 1: two humps a day, less at the weekend and later in the morning. */
function loadAt(ms: number): number {
  const weekday = Math.floor(ms / DAY_MS) % 7;
  const isWeekend = weekday >= 5;
  const hour = (ms % DAY_MS) / HOUR_MS;
  const hump = (middle: number, width: number): number => {
    const away = Math.min(Math.abs(hour - middle), 24 - Math.abs(hour - middle));
    return Math.exp(-((away / width) ** 2));
  };
  const workday = 0.12 + 0.75 * hump(11, 3.5) + 0.85 * hump(19.5, 3);
  const weekend = 0.14 + 0.5 * hump(13, 4) + 0.6 * hump(20, 3);
  return isWeekend ? weekend : workday;
}

function isRelease(ms: number, everyMs: number): boolean {
  const hour = RELEASES[Math.floor(ms / DAY_MS) % 7];
  if (hour === undefined) return false;
  const dueMs = Math.round((hour * HOUR_MS) / everyMs) * everyMs;
  return ms % DAY_MS === dueMs;
}
