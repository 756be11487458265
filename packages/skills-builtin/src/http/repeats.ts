// Whether what failed was asked for again, and how soon: told by the failures themselves, for a target that fails
// twice in a row was asked for in between. Pure.
import type { JsonObject } from '@nodelens/core';
import { numberOf, textOf } from '../evidence.ts';
import { median } from '../statistics.ts';

export interface Repeats {
  /** Failures that were followed by another of the same target within a second. */
  readonly repeated: number;
  readonly failures: number;
  /** From a failure to the beginning of the next try. */
  readonly medianGapMs: number;
}

/** Later, it is another caller's. */
const SOON_MS = 1_000;
/** What began before the other had failed repeats nothing. */
const ROUNDING_MS = 2;

/** @param errors as `http_errors` tells them */
export function repeatsOf(errors: readonly JsonObject[], peer: string): Repeats {
  const failures = errors.filter(
    ({ side, target }) => side === 'client' && textOf(target).startsWith(`${peer}/`),
  );
  const byTarget = Map.groupBy(failures, ({ method, target }) => `${textOf(method)} ${textOf(target)}`);
  const gaps = [...byTarget.values()].flatMap((some) => {
    const inOrder = some.toSorted((a, b) => numberOf(a.atMs) - numberOf(b.atMs));
    return inOrder.slice(1).flatMap((next, index) => {
      const gapMs = numberOf(next.atMs) - numberOf(next.durationMs) - numberOf(inOrder[index]?.atMs);
      return gapMs >= -ROUNDING_MS && gapMs < SOON_MS ? [Math.max(0, gapMs)] : [];
    });
  });
  return {
    repeated: gaps.length,
    failures: failures.length,
    medianGapMs: gaps.length === 0 ? 0 : median(gaps),
  };
}
