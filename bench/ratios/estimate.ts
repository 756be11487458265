// Median of the ratios round by round: a round's cases ran next to each other, so what the machine did to one it did
// to the other. The interval draws starts and their rounds again, since rounds of one start agree better with each
// other than starts do (the JIT differs).
import { generator } from './generator.ts';
import { median, quantile } from './quantile.ts';

export interface Ratio {
  readonly value: number;
  /** 95 % interval. */
  readonly low: number;
  readonly high: number;
}

const DRAWS = 2000;

/** @param starts the ratios of every round, by start. */
export function estimate(starts: readonly (readonly number[])[]): Ratio {
  const random = generator(20_261_130);
  const draw = <T>(from: readonly T[]): T[] => from.map(() => from[Math.floor(random() * from.length)] as T);
  const samples = Array.from({ length: DRAWS }, () => median(draw(starts).flatMap((rounds) => draw(rounds))));
  return {
    value: median(starts.flat()),
    low: quantile(samples, 0.025),
    high: quantile(samples, 0.975),
  };
}
