// Which function of the app stands for a call: not the helper that all calls go through, nor a handler of many. Pure.
import type { JsonObject } from '@nodelens/core';
import { textOf } from '../evidence.ts';

/** What was seen of one request: its call, and the functions that made it, innermost first. */
export interface Seen {
  readonly call: string;
  readonly path: readonly JsonObject[];
}

/** Of the stacks of a call so many must contain it; another way to the same call is no reason to drop it. */
const COMMON = 0.9;

/** The innermost of those that made the call, of those that the fewest other calls go through. */
export function askerOf(call: string, seen: readonly Seen[]): JsonObject | undefined {
  const own = seen.filter((one) => one.call === call);
  const othersThrough = (key: string): number =>
    new Set(seen.filter((one) => one.call !== call && has(one, key)).map((one) => one.call)).size;
  const common = (own[0]?.path ?? []).filter(
    (frame) => own.filter((one) => has(one, keyOf(frame))).length >= COMMON * own.length,
  );
  const ranked = common.map((frame, depth) => ({ frame, depth, others: othersThrough(keyOf(frame)) }));
  return ranked.sort((a, b) => a.others - b.others || a.depth - b.depth)[0]?.frame;
}

const has = ({ path }: Seen, key: string): boolean => path.some((frame) => keyOf(frame) === key);

/** A function may ask in several lines. */
export const keyOf = ({ name, file }: JsonObject): string => `${textOf(name)} ${textOf(file)}`;
