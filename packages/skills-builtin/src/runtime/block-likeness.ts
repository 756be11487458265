// Whose a call is that waits and has not returned: its name is not to be had, but those of earlier waits of the same kind
// are. When they were one function's, this one is likely its too. What computes has no such mark, and is not guessed. Pure.
import type { Subject } from '@nodelens/core';
import type { Place } from '../evidence.ts';
import { median } from '../statistics.ts';
import { functionSubject, ms, place } from '../wording.ts';
import type { Blocked } from './blocked.ts';

/** Fewer may be chance. */
const FEWEST = 2;
/** So many of them must be of the one function. */
const AGREED = 0.8;

export interface Likeness {
  readonly culprit: Place;
  readonly count: number;
  readonly of: number;
  readonly medianMs: number;
}

/** Undefined where the earlier ones differ, or are too few. */
export function likenessOf(block: Blocked, ended: readonly Blocked[]): Likeness | undefined {
  if (block.kind !== 'native-io') return undefined;
  const alike = ended.filter((one) => one.culprit !== undefined && isAlike(one, block));
  const [most] = [...Map.groupBy(alike, ({ culprit }) => `${culprit?.name}\0${culprit?.file}`).values()].sort(
    (a, b) => b.length - a.length,
  );
  const culprit = most?.[0]?.culprit;
  if (most === undefined || culprit === undefined) return undefined;
  if (most.length < FEWEST || most.length < AGREED * alike.length) return undefined;
  const medianMs = median(most.map(({ durationMs }) => durationMs));
  return { culprit, count: most.length, of: alike.length, medianMs };
}

/** Both wait for the same program, or in the same system call. */
function isAlike(one: Blocked, block: Blocked): boolean {
  const [child] = block.children;
  const [before] = one.children;
  if (child === undefined) return one.kind === block.kind && one.native.syscall === block.native.syscall;
  return before === undefined ? one.call.startsWith('child_process') : before.name === child.name;
}

export interface LikenessTold {
  /** With a space before it. */
  readonly observation: string;
  readonly hypothesis: string;
  readonly subjects: readonly Subject[];
}

export function likenessTold(
  { culprit, count, of, medianMs }: Likeness,
  { children: [child], durationMs }: Blocked,
): LikenessTold {
  const what = child === undefined ? 'makes the same call again' : `waits synchronously for ${child.name}`;
  return {
    observation: ` ${count} of ${of} earlier blocks of this kind were in ${place(culprit)}, and took ${ms(medianMs)} in the median.`,
    hypothesis: `It is likely ${culprit.name} that ${what}, and the event loop does not turn until it returns.`,
    subjects: [functionSubject(culprit, durationMs, 'ms')],
  };
}
