// Whose a wait for a child process is where no earlier block tells it, because those before were too short to be one: the
// armed profile has seen them all the same, and who waits for children at all is often one function. Pure.
import type { JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, type Place, placeOf, textOf } from '../evidence.ts';
import { functionSubject, place } from '../wording.ts';
import type { LikenessTold } from './block-likeness.ts';
import type { Blocked } from './blocked.ts';

/** One may be chance. */
const FEWEST_SAMPLES = 2;
/** So much of what waited must be the one function's. */
const AGREED = 0.8;

/** @param hot as runtime_hot_functions() tells it */
export function syncCallerTold(block: Blocked, hot: JsonValue | undefined): LikenessTold | undefined {
  const [child] = block.children;
  if (child === undefined) return undefined;
  const waits = listOf(objectOf(hot).functions).flatMap(waitOf);
  const [most] = waits.toSorted((a, b) => b.samples - a.samples);
  const all = waits.reduce((sum, { samples }) => sum + samples, 0);
  if (most === undefined || most.samples < FEWEST_SAMPLES || most.samples < AGREED * all) return undefined;
  const { culprit, call, samples } = most;
  return {
    observation: ` In the profile of the last minute ${place(culprit)} was in child_process.${call} before, in ${samples} of ${all} samples of such calls.`,
    hypothesis: `It is likely ${culprit.name} that waits synchronously for ${child.name}, and the event loop does not turn until it returns.`,
    subjects: [functionSubject(culprit, block.durationMs, 'ms')],
  };
}

interface Wait {
  readonly culprit: Place;
  readonly call: string;
  readonly samples: number;
}

function waitOf(hot: JsonObject): readonly Wait[] {
  const { name, file, samples } = objectOf(hot.nodeCall);
  const culprit = placeOf(hot);
  const call = textOf(name);
  if (culprit === undefined || file !== 'node:child_process' || !call.endsWith('Sync')) return [];
  return [{ culprit, call, samples: numberOf(samples) }];
}
