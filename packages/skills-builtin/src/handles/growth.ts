// Whether a count grows steadily, as leaks do: its lowest readings rise from each quarter of a window to the next. What
// comes and goes with the load, and what fills up and stays, has no such floor. Pure.
import { min } from '../statistics.ts';
import { round } from '../wording.ts';

export interface Point {
  readonly atMs: number;
  readonly value: number;
}

export interface Growth {
  /** The lowest of the window's first quarter, and of its last. */
  readonly from: number;
  readonly to: number;
  readonly perMinute: number;
  readonly windowSeconds: number;
}

interface Window {
  readonly ms: number;
  /** So much its floor must have risen. */
  readonly risen: number;
  /** Fewer than that are no leak yet. */
  readonly least: number;
}

/**
 * The shortest asks for more than pools commonly hold (a hundred, at most) and a start opens; the longer ones for more
 * than chance. Growth alone is a suspicion: what a check concludes, it sees grow on and idle.
 */
const WINDOWS: readonly Window[] = [
  { ms: 8_000, risen: 64, least: 128 },
  { ms: 60_000, risen: 25, least: 50 },
  { ms: 5 * 60_000, risen: 20, least: 30 },
  { ms: 15 * 60_000, risen: 20, least: 30 },
  { ms: 60 * 60_000, risen: 20, least: 30 },
];
const QUARTERS = 4;
const MIN_POINTS = 5;
/** Less than that is noise on what was there before. */
const MIN_SHARE = 0.1;

/** @param points oldest first; undefined when no window shows it */
export function steadyGrowth(points: readonly Point[]): Growth | undefined {
  for (const window of WINDOWS) {
    const growth = growthWithin(points, window);
    if (growth !== undefined) return growth;
  }
  return undefined;
}

function growthWithin(points: readonly Point[], { ms, risen, least }: Window): Growth | undefined {
  const endMs = points.at(-1)?.atMs ?? 0;
  const inside = points.filter(({ atMs }) => atMs >= endMs - ms);
  const startMs = inside[0]?.atMs ?? endMs;
  if (inside.length < MIN_POINTS || endMs - startMs < 0.75 * ms) return undefined;
  const floors = floorsOf(inside, startMs, endMs);
  const [from, to] = [floors[0] ?? 0, floors.at(-1) ?? 0];
  const total = to - from;
  if (floors.length < QUARTERS || to < least || total < Math.max(risen, MIN_SHARE * from)) return undefined;
  const step = total / (QUARTERS * 3);
  if (floors.some((floor, index) => index > 0 && floor - (floors[index - 1] ?? 0) < step)) return undefined;
  // From the middle of the first quarter to that of the last.
  const spanMs = ((endMs - startMs) * (QUARTERS - 1)) / QUARTERS;
  return {
    from,
    to,
    perMinute: round((total * 60_000) / spanMs),
    windowSeconds: Math.round((endMs - startMs) / 1_000),
  };
}

function floorsOf(points: readonly Point[], startMs: number, endMs: number): readonly number[] {
  const widthMs = (endMs - startMs) / QUARTERS;
  const quarters = Map.groupBy(points, ({ atMs }) =>
    Math.min(QUARTERS - 1, Math.floor((atMs - startMs) / widthMs)),
  );
  return [...quarters.values()].map((some) => min(some.map(({ value }) => value)));
}

/**
 * Per minute over the last `windowMs`, by the lowest readings of its thirds: from the first to the last, but no more than
 * from the middle one to the last, so that what has risen once and stays does not grow.
 */
export function slopePerMinute(points: readonly Point[], windowMs: number): number {
  const endMs = points.at(-1)?.atMs ?? 0;
  const inside = points.filter(({ atMs }) => atMs >= endMs - windowMs);
  const third = Math.floor(inside.length / 3);
  if (third === 0) return 0;
  const [early, middle, late] = [
    inside.slice(0, third),
    inside.slice(third, inside.length - third),
    inside.slice(-third),
  ];
  const [whole, recent] = [slopeBetween(early, late), slopeBetween(middle, late)];
  return round(whole > 0 ? Math.max(0, Math.min(whole, recent)) : whole);
}

function slopeBetween(before: readonly Point[], after: readonly Point[]): number {
  const risen = min(after.map(({ value }) => value)) - min(before.map(({ value }) => value));
  const spanMs = (after[0]?.atMs ?? 0) - (before[0]?.atMs ?? 0);
  return (risen * 60_000) / Math.max(1, spanMs);
}

export interface Watched {
  readonly before: number;
  readonly after: number;
  readonly seconds: number;
  readonly perMinute: number;
}

/** So many more are to be expected of a watch before their absence says anything. */
const EXPECTED = 5;

/** Whether what has grown goes on growing while it is watched: what has filled up, as pools do, stays as it is. */
export const growsOn = ({ before, after, seconds, perMinute }: Watched): boolean =>
  (perMinute * seconds) / 60 < EXPECTED ? after >= before : after > before;

/** Minutes until a growing count meets its limit; null while it does not grow. */
export const minutesUntil = (limit: number, value: number, perMinute: number): number | null =>
  perMinute <= 0 ? null : round(Math.max(0, limit - value) / perMinute);
