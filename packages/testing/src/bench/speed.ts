// How fast a core of this machine is, so that a case whose fault is work gets as much of it as its alert says.
import { pbkdf2Sync } from 'node:crypto';

/** What the work below took on the machine that the cases were sized on (two virtual cores, Node 24), in ms. */
const REFERENCE_MS = 8;
const TRIES = 15;
const SAMPLE_ROUNDS = 10_000;
const WORDS = 100_000;
const KEYS = 512;

/** 1 is the machine that the cases were sized on, 2 is twice as fast. Takes 0.15 s of a core there. */
export const measureSpeed = (): number => REFERENCE_MS / shortestMs(work);

/**
 * How many rounds of PBKDF2 with SHA-512 take so many ms on one core. Apart from the speed: a processor with
 * instructions for it is three times as fast at this as at everything else.
 */
export const hashRounds = (ms: number): number =>
  Math.round(
    (SAMPLE_ROUNDS * ms) / shortestMs(() => pbkdf2Sync('sample', 'salt', SAMPLE_ROUNDS, 64, 'sha512')),
  );

/** Whoever else has the core only makes a try longer. */
function shortestMs(run: () => unknown): number {
  const times = Array.from({ length: TRIES }, () => {
    const startedMs = performance.now();
    run();
    return performance.now() - startedMs;
  });
  return Math.min(...times);
}

/** What services do: strings, numbers, hashing, short-lived objects, sorting. */
function work(): number {
  const counts = new Map<string, { word: string; count: number }>();
  for (let index = 0; index < WORDS; index++) {
    const word = `word-${(index * 7_919) % KEYS}`;
    const known = counts.get(word) ?? { word, count: 0 };
    known.count += word.length % 7;
    counts.set(word, known);
  }
  const sorted = [...counts.values()].sort((a, b) => b.count - a.count || a.word.localeCompare(b.word));
  return JSON.stringify(sorted).length;
}
