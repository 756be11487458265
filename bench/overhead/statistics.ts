// Ratios with a bootstrap interval over starts and the rounds within them: rounds of one start agree better with
// each other than starts do (the JIT differs), so both levels are drawn again.

export interface Estimate {
  readonly value: number;
  /** 95 % interval. */
  readonly low: number;
  readonly high: number;
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

/** What one start of both variants gave, round by round. */
export interface Start {
  readonly variant: readonly number[];
  readonly base: readonly number[];
}

/** Ratio of each start at `share`, the quartile on the undisturbed side; the whole = geometric mean of the starts. */
const combine = (starts: readonly Start[], share: number): number =>
  geometricMean(starts.map(({ variant, base }) => quantile(variant, share) / quantile(base, share)));

/** Estimates variant / base. Deterministic for a given input. */
export function bootstrap(starts: readonly Start[], share: number, draws = 2000): Estimate {
  const random = generator(20_241_124);
  const draw = <T>(from: readonly T[]): T[] => from.map(() => from[Math.floor(random() * from.length)] as T);
  const redrawn = (): Start[] =>
    draw(starts).map(({ variant, base }) => ({ variant: draw(variant), base: draw(base) }));
  const samples = Array.from({ length: draws }, () => combine(redrawn(), share));
  return { value: combine(starts, share), low: quantile(samples, 0.025), high: quantile(samples, 0.975) };
}

/** mulberry32, so that two runs over the same figures print the same interval. */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
