// Who is to blame in a set of stacks: the innermost function of the user's own code that most of them share.
import { fileURLToPath } from 'node:url';
import type { CodeLocation } from '../context.ts';

/** A stack, innermost first, and how often it was seen. */
export interface CountedStack {
  readonly frames: readonly CodeLocation[];
  readonly count: number;
}

export interface Blame {
  /** The most frequent stack that contains the culprit. */
  readonly stack: readonly CodeLocation[];
  readonly culprit?: CodeLocation;
  readonly samples: number;
  readonly culpritSamples: number;
}

/** The function must be in this share of the stacks to count as what they have in common. */
const SHARED = 0.6;

/** Where the packages of Nodelens are, side by side. */
const PACKAGES = fileURLToPath(new URL('../../../../', import.meta.url));
const OWN_CODE = /^[^\\/]+[\\/](src|dist)[\\/]/;

/** Neither Node's nor Nodelens' own. */
export function isUserCode({ file }: CodeLocation): boolean {
  if (file === '' || file.startsWith('node:')) return false;
  if (file.startsWith(PACKAGES) && OWN_CODE.test(file.slice(PACKAGES.length))) return false;
  return !/[\\/]node_modules[\\/](@nodelens[\\/]|nodelens[\\/])/.test(file);
}

const isDependency = ({ file }: CodeLocation): boolean => /[\\/]node_modules[\\/]/.test(file);

/** The frames that may be blamed: the app's own, or its dependencies' where it has none on the stack. */
export function blameable(frames: readonly CodeLocation[]): readonly CodeLocation[] {
  const user = frames.filter(isUserCode);
  const own = user.filter((frame) => !isDependency(frame));
  return own.length > 0 ? own : user;
}

const isAnonymous = ({ name }: CodeLocation): boolean => name === '' || name === '(anonymous)';

/**
 * A callback without a name (of `find`, of `forEach`) is told as the function that it is written in, as far as a stack
 * knows that: the nearest frame outwards with a name, with nothing but frames of the same file in between.
 */
const told = (frames: readonly CodeLocation[]): readonly CodeLocation[] =>
  frames.map((frame, index) => {
    if (!isAnonymous(frame)) return frame;
    const outer = frames.slice(index + 1).find((other) => other.file !== frame.file || !isAnonymous(other));
    return outer?.file === frame.file ? outer : frame;
  });

/** Functions are told apart by name and file: a live stack has the current line, not the function's. */
export const functionKey = ({ name, file }: CodeLocation): string => `${name}\0${file}`;

/** Draws the blame from stacks; without a user frame in any of them only the most frequent stack is told. */
export function blame(stacks: readonly CountedStack[]): Blame {
  const ordered = [...stacks].sort((a, b) => b.count - a.count);
  const samples = ordered.reduce((sum, { count }) => sum + count, 0);
  const shares = new Map<string, number>();
  let blamed = 0;
  for (const { frames, count } of ordered) {
    const keys = new Set(told(blameable(frames)).map(functionKey));
    for (const key of keys) shares.set(key, (shares.get(key) ?? 0) + count);
    if (keys.size > 0) blamed += count;
  }
  const culprit = elected(ordered, (frame) => (shares.get(functionKey(frame)) ?? 0) >= SHARED * blamed);
  if (culprit === undefined) return { stack: ordered[0]?.frames ?? [], samples, culpritSamples: 0 };
  const key = functionKey(culprit);
  const stack = ordered.find(({ frames }) => frames.some((frame) => functionKey(frame) === key));
  return { stack: stack?.frames ?? [], culprit, samples, culpritSamples: shares.get(key) ?? 0 };
}

/**
 * Each stack names its innermost function that is shared; who is named most is it. One stack from before, which shares
 * no more than a caller with the others, does not make that caller the culprit.
 */
function elected(
  ordered: readonly CountedStack[],
  isShared: (frame: CodeLocation) => boolean,
): CodeLocation | undefined {
  const votes = new Map<string, { readonly frame: CodeLocation; count: number }>();
  for (const { frames, count } of ordered) {
    const frame = told(blameable(frames)).find(isShared);
    if (frame === undefined) continue;
    const known = votes.get(functionKey(frame));
    if (known === undefined) votes.set(functionKey(frame), { frame, count });
    else known.count += count;
  }
  const [most] = [...votes.values()].sort((a, b) => b.count - a.count);
  return most?.frame ?? ordered.flatMap(({ frames }) => told(blameable(frames)))[0];
}

/** Equal stacks become one with the sum of their counts; order of first appearance. */
export function countStacks(stacks: readonly CountedStack[]): readonly CountedStack[] {
  const counted = new Map<string, CountedStack>();
  for (const { frames, count } of stacks) {
    const key = frames.map(({ name, file, line }) => `${name}\0${file}\0${line}`).join('\n');
    counted.set(key, { frames, count: count + (counted.get(key)?.count ?? 0) });
  }
  return [...counted.values()];
}
