// How busy a service is over the month, from 0 (the quietest recording) to 1 (the busiest): two humps a day, less at
// the weekend, and a mood that wanders for two hours or so.
import { createRandom } from '../../packages/testing/src/chaos/random.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const STEP_MS = 30_000;
const MOOD_STEPS = 240;
const MOOD = 0.04;
/** 1 January 1970 was a Thursday. */
const weekdayOf = (atMs: number): number => (Math.floor(atMs / DAY_MS) + 3) % 7;

/** Asked in order of time, for wall-clock ms. */
export function createRhythm(seed: number): (atMs: number) => number {
  const random = createRandom(seed);
  const keep = Math.exp(-1 / MOOD_STEPS);
  let mood = 0;
  let step = 0;
  const wander = (atMs: number): number => {
    const now = Math.floor(atMs / STEP_MS);
    if (now !== step) mood = keep * mood + Math.sqrt(1 - keep * keep) * normal(random.next(), random.next());
    step = now;
    return mood;
  };
  return (atMs) => Math.min(1, Math.max(0, loadAt(atMs) + MOOD * wander(atMs)));
}

const normal = (a: number, b: number): number => Math.sqrt(-2 * Math.log(1 - a)) * Math.cos(2 * Math.PI * b);

function loadAt(atMs: number): number {
  const hour = (atMs % DAY_MS) / HOUR_MS;
  const hump = (middle: number, width: number): number => {
    const away = Math.min(Math.abs(hour - middle), 24 - Math.abs(hour - middle));
    return Math.exp(-((away / width) ** 2));
  };
  return weekdayOf(atMs) >= 5
    ? 0.1 + 0.35 * hump(13, 4) + 0.45 * hump(20, 3)
    : 0.1 + 0.65 * hump(11, 3.5) + 0.7 * hump(19.5, 3);
}
