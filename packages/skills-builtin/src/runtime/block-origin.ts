// What of Node's called the app's code that blocked: timers have a rhythm of their own, requests have a client. Pure.
import type { CodeLocation } from '@nodelens/core';
import { median } from '../statistics.ts';
import { figure } from '../wording.ts';
import type { Blocked } from './blocked.ts';

export type Origin = 'timer' | 'immediate' | 'request';

/** Node's outermost functions by what they call. A promise's or tick's do not tell whose it was. */
const ORIGINS: { readonly [origin in Origin]: ReadonlySet<string> } = {
  timer: new Set(['listOnTimeout', 'processTimers']),
  immediate: new Set(['processImmediate']),
  request: new Set(['parserOnIncoming', 'parserOnHeadersComplete']),
};

/** @param stack innermost first; undefined where it does not tell */
export function originOf(stack: readonly Pick<CodeLocation, 'name' | 'file'>[]): Origin | undefined {
  const outermost = stack.filter(({ file }) => file.startsWith('node:')).slice(-2);
  return (Object.keys(ORIGINS) as Origin[]).find((origin) =>
    outermost.some(({ name }) => ORIGINS[origin].has(name)),
  );
}

const FEWEST = 3;
/** An interval may differ so much from the median one. */
const TOLERANCE = 0.15;
const SHORTEST_MS = 1_000;

/** Of blocks that begin again and again after the same time, in ms. */
export function rhythmOf(blocks: readonly Pick<Blocked, 'startedAtMs'>[]): number | undefined {
  if (blocks.length < FEWEST) return undefined;
  const starts = blocks.map(({ startedAtMs }) => startedAtMs).sort((a, b) => a - b);
  const intervals = starts.slice(1).map((start, index) => start - (starts[index] ?? start));
  const usual = median(intervals);
  const isEven = intervals.every((interval) => Math.abs(interval - usual) <= TOLERANCE * usual);
  return isEven && usual >= SHORTEST_MS ? usual : undefined;
}

/** A sentence with a space before it, where most of the blocks were timers'; else empty. */
export function timersText(blocks: readonly Blocked[]): string {
  const byTimers = blocks.filter(({ origin }) => origin === 'timer');
  if (2 * byTimers.length <= blocks.length) return '';
  const rhythmMs = rhythmOf(byTimers);
  const every = rhythmMs === undefined ? '' : `, every ${figure(rhythmMs / 1_000)} s`;
  return ` Timers ran it${every}; those that are due together run in one turn of the loop.`;
}
