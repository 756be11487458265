// What there is to write of main at this moment, read from the recorder's own memory; nothing here asks main, but for
// its heap while it is blocked in JavaScript, and then for less than 0.1 ms.

import type { CodeLocation, HotFunction, ProfileView, RecorderContext, Stall } from '../context.ts';
import { readPressure } from './pressure.ts';
import { collectionsWindowMs, type LastWords, type Suspect } from './record.ts';
import { certainCulprit } from './story.ts';

/** The innermost frames tell; a recursion may be deep. */
const FRAMES = 24;
const SUSPECTS = 3;

/** What only main can tell, or the profile. */
export type Asked = Pick<LastWords, 'suspects' | 'heapLimitMb' | 'heapUsedMb' | 'heapGrowthMb'>;

/** @param known what only main or an earlier look can tell */
export function wordsOf(
  context: RecorderContext,
  known: Asked,
  stall: Stall | undefined = context.currentStall(),
): LastWords {
  const { suspects, heapLimitMb, heapUsedMb, heapGrowthMb } = known;
  return {
    ...(stall && { stall: shortened(stall) }),
    ...(stall && certainCulprit(stall) === undefined && suspects && { suspects }),
    collections: collectionsOf(context),
    pressure: readPressure(),
    ...(heapLimitMb !== undefined && { heapLimitMb }),
    ...(stall && heapUsedMb !== undefined && { heapUsedMb }),
    ...(stall && heapGrowthMb !== undefined && { heapGrowthMb }),
  };
}

export const shortened = (stall: Stall): Stall => ({ ...stall, stack: stall.stack.slice(0, FRAMES) });

function collectionsOf({ gc }: RecorderContext): LastWords['collections'] {
  const events = gc.since(collectionsWindowMs).filter(({ forced }) => !forced);
  const full = events.filter(({ kind }) => kind === 'major');
  const minor = events.filter(({ kind }) => kind === 'minor');
  const msOf = (some: typeof events): number =>
    Math.round(some.reduce((sum, { durationMs }) => sum + durationMs, 0));
  return { full: full.length, fullMs: msOf(full), minor: minor.length, minorMs: msOf(minor) };
}

/** Who main was mostly in, without who only called them: a hint, for the call that blocks has not returned. */
export function suspectsOf({ functions, samples, idleShare }: ProfileView): readonly Suspect[] {
  const ofSamples = Math.round(samples * (1 - idleShare));
  const isOnlyCaller = (entry: HotFunction): boolean =>
    functions.some(
      (inner) =>
        inner !== entry &&
        inner.samples >= entry.samples / 2 &&
        inner.callers.some((caller) => isSame(caller, entry)),
    );
  return functions
    .filter((entry) => !isOnlyCaller(entry))
    .sort((a, b) => b.samples - a.samples)
    .slice(0, SUSPECTS)
    .map((entry) => ({
      location: placeOf(entry),
      ...(entry.nodeCall && { nodeCall: `${entry.nodeCall.name} (${entry.nodeCall.file})` }),
      samples: entry.samples,
      ofSamples,
    }));
}

const isSame = (a: CodeLocation, b: CodeLocation): boolean =>
  a.name === b.name && a.file === b.file && a.line === b.line;

const placeOf = ({ name, file, line, column }: CodeLocation): CodeLocation => ({
  name,
  file,
  line,
  ...(column !== undefined && { column }),
});
