// The spaces of main's heap, asked of main and kept: while main is in a native call it does not answer, so the last
// known values are given with the time at which they were read.
import type { JsonValue, RecorderContext } from '@nodelens/core';
import { listOf, numberOf, textOf } from '../evidence.ts';
import { waitAtMost } from '../wait-at-most.ts';
import { megabytes, round } from '../wording.ts';

export interface Space {
  readonly name: string;
  readonly sizeMb: number;
  readonly usedMb: number;
  /** Held by V8, used by nothing. */
  readonly unusedMb: number;
  readonly usedPercent: number;
}

export interface SpacesReading {
  readonly atMs: number;
  /** The one that holds most unused memory first. */
  readonly spaces: readonly Space[];
}

export interface SpacesReader {
  /** Waits at most `waitMs` for main, then gives what is known; undefined before main's first answer. */
  read(waitMs: number): Promise<SpacesReading | undefined>;
}

const EXPRESSION = "process.getBuiltinModule('node:v8').getHeapSpaceStatistics()";
/** What main answers later than this is lost; the next reading asks again. */
const TIMEOUT_MS = 5_000;

export function createSpacesReader(context: RecorderContext): SpacesReader {
  let last: SpacesReading | undefined;
  let asking: Promise<void> | undefined;
  const ask = async (): Promise<void> => {
    try {
      const answer = await context.inspector.evaluate(EXPRESSION, { timeoutMs: TIMEOUT_MS });
      last = { atMs: context.now(), spaces: spacesOf(answer) };
    } catch {
      // Main is in a native call, or ends: what is known grows older, and its age is told.
    } finally {
      asking = undefined;
    }
  };
  return {
    async read(waitMs) {
      const isWaiting = asking !== undefined;
      asking ??= ask();
      // Main has not answered an earlier reader yet: nothing suggests that it would do so now.
      if (!isWaiting || last === undefined) await waitAtMost(waitMs, asking);
      return last;
    },
  };
}

export const spacesOf = (answer: JsonValue): readonly Space[] =>
  listOf(answer)
    .map((space): Space => {
      const size = numberOf(space.space_size);
      const used = numberOf(space.space_used_size);
      return {
        name: textOf(space.space_name),
        sizeMb: megabytes(size),
        usedMb: megabytes(used),
        unusedMb: megabytes(Math.max(0, size - used)),
        usedPercent: size === 0 ? 0 : round((100 * used) / size),
      };
    })
    .filter(({ sizeMb }) => sizeMb > 0)
    .toSorted((a, b) => b.unusedMb - a.unusedMb);
