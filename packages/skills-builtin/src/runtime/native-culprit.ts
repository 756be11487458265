// Whose a native call was that has returned. Stacks that main served meanwhile were taken between native calls or right
// after one, where its caller may have gone on already: the armed profile, taken within the calls, knows better. Pure.
import type { JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, type Place, placeOf } from '../evidence.ts';
import type { Blocked } from './blocked.ts';

/** Of a function's samples so many must show another one beneath it: the rule by which stacks are blamed. */
const SHARED = 0.6;

/** A function beneath another one, in a share (0 to 1) of its samples. */
export interface Beneath {
  readonly culprit: Place;
  readonly outer: Place;
  readonly share: number;
}

/** Whether the stacks are such that the profile should be asked. */
export const isDoubtful = ({ kind, evidence }: Pick<Blocked, 'kind' | 'evidence'>): boolean =>
  kind.startsWith('native') && evidence === 'live-stack';

/**
 * The innermost function that was beneath `outer` most of the time.
 * @param hot as runtime_hot_functions() tells it
 */
export function beneath(outer: Place, hot: JsonValue | undefined): Beneath | undefined {
  const functions = listOf(objectOf(hot).functions);
  const whole = numberOf(functions.find((one) => isSame(one, outer))?.totalShare);
  if (whole === 0) return undefined;
  const [innermost] = functions
    .map((one) => ({
      culprit: placeOf(one),
      depth: listOf(one.callers).findIndex((caller) => isSame(caller, outer)),
      share: Math.min(1, numberOf(one.totalShare) / whole),
    }))
    .filter(({ depth, share }) => depth !== -1 && share >= SHARED)
    .sort((a, b) => b.depth - a.depth || b.share - a.share);
  if (innermost?.culprit === undefined) return undefined;
  return { culprit: innermost.culprit, outer, share: innermost.share };
}

/** A live stack has the line it was at, a profile the function's. */
const isSame = ({ name, file }: JsonObject, place: Place): boolean =>
  name === place.name && file === place.file;
