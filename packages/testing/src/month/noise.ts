// The noise of a service: what jitters from sample to sample, and what wanders for an hour or so.
import type { Random } from '../chaos/random.ts';

export interface Noise {
  /** Normal, of mean 0 and standard deviation 1. */
  normal(): number;
  /** Above zero, of median 1: latencies. `sigma` 0.2 is mild, 1 has a long tail. */
  lognormal(sigma: number): number;
  /** How many of what happens `mean` times on average. */
  poisson(mean: number): number;
}

export function createNoise(random: Random): Noise {
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  return {
    normal,
    lognormal: (sigma) => Math.exp(sigma * normal()),
    poisson(mean) {
      if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
      const limit = Math.exp(-mean);
      let count = 0;
      for (let product = random.next(); product > limit; product *= random.next()) count += 1;
      return count;
    },
  };
}

/** A value that wanders around 0 with standard deviation 1 and forgets within `steps` samples (AR(1)). */
export function createWander(noise: Noise, steps: number): () => number {
  const keep = Math.exp(-1 / steps);
  let value = 0;
  return () => {
    value = keep * value + Math.sqrt(1 - keep * keep) * noise.normal();
    return value;
  };
}
