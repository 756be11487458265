// Which functions take a larger or smaller share of main's CPU than before: two windows of the kept profile compared. Pure.
import type { HotFunction, ProfileView } from '@nodelens/core';
import { round } from '../wording.ts';

/** A share of fewer samples is chance. A second of a busy main has about a thousand. */
const FEWEST_SAMPLES = 50;
const TOLD = 15;

export interface FunctionChange {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  /** Share of the non-idle samples in whose stack it is, 0 to 1. */
  readonly share: number;
  readonly shareBefore: number;
  readonly change: number;
}

export interface ProfileChange {
  /** Share of the samples that are not idle, 0 to 1. */
  readonly busyShare: number;
  readonly busyShareBefore: number;
  readonly samples: number;
  readonly samplesBefore: number;
  /** False with too few samples on one side; there are no functions then. */
  readonly isComparable: boolean;
  /** The largest change first, at most 15. */
  readonly functions: readonly FunctionChange[];
}

/** @param whole a window that contains that of `recent` and begins before it */
export function profileChange(whole: ProfileView, recent: ProfileView): ProfileChange {
  const busyNow = busyOf(recent);
  const samplesBefore = Math.max(0, whole.samples - recent.samples);
  const busyBefore = Math.max(0, busyOf(whole) - busyNow);
  const isComparable = busyNow >= FEWEST_SAMPLES && busyBefore >= FEWEST_SAMPLES;
  return {
    busyShare: shareOf(busyNow, recent.samples),
    busyShareBefore: shareOf(busyBefore, samplesBefore),
    samples: recent.samples,
    samplesBefore,
    isComparable,
    functions: isComparable ? changes(whole, recent, { busyNow, busyBefore }) : [],
  };
}

function changes(
  whole: ProfileView,
  recent: ProfileView,
  { busyNow, busyBefore }: { readonly busyNow: number; readonly busyBefore: number },
): readonly FunctionChange[] {
  const now = new Map(recent.functions.map((one) => [keyOf(one), one]));
  const all = new Map([...whole.functions, ...recent.functions].map((one) => [keyOf(one), one]));
  const inAll = new Map(whole.functions.map((one) => [keyOf(one), one.samples]));
  return [...all]
    .map(([key, { name, file, line }]) => {
      const samples = now.get(key)?.samples ?? 0;
      const share = shareOf(samples, busyNow);
      const shareBefore = shareOf(Math.max(0, (inAll.get(key) ?? samples) - samples), busyBefore);
      return { name, file, line, share, shareBefore, change: round(share - shareBefore, 4) };
    })
    .filter(({ change }) => change !== 0)
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change) || b.change - a.change)
    .slice(0, TOLD);
}

const busyOf = ({ samples, idleShare }: ProfileView): number => Math.round(samples * (1 - idleShare));

const shareOf = (part: number, of: number): number => (of <= 0 ? 0 : Math.min(1, round(part / of, 4)));

const keyOf = ({ name, file, line, column }: HotFunction): string => `${name}\0${file}:${line}:${column}`;
