// How long the looking up of names takes now and usually, of what the probe of lookups told; a quarter of an hour.
import type { JsonObject, ProbeFeed } from '@nodelens/core';
import { numberOf, textOf } from '../evidence.ts';
import { median } from '../statistics.ts';
import { round } from '../wording.ts';

const SLICE_MS = 5_000;
const SLICES = 180;
const KEPT_IN_SLICE = 250;
const NOW_MS = 10_000;
/** A slice with fewer tells nothing of a median. */
const ENOUGH = 3;
const USUAL_SHARE = 0.25;
const HOSTS = 5;

interface Lookup {
  readonly host: string;
  readonly by: string;
  readonly durationMs: number;
  /** Empty when it succeeded. */
  readonly code: string;
}

interface Slice {
  readonly startedAtMs: number;
  readonly lookups: Lookup[];
}

export interface Lookups {
  now(): JsonObject;
}

export function keepLookups(feed: ProbeFeed | undefined, now: () => number): Lookups {
  let slices: Slice[] = [];
  const sliceNow = (): Slice => {
    const startedAtMs = now() - (now() % SLICE_MS);
    const last = slices.at(-1);
    if (last?.startedAtMs === startedAtMs) return last;
    const slice = { startedAtMs, lookups: [] };
    slices = [...slices, slice].slice(-SLICES);
    return slice;
  };
  feed?.onEvent(({ host, by, durationMs, code }) => {
    if (host === undefined) return;
    const { lookups } = sliceNow();
    if (lookups.length >= KEPT_IN_SLICE) return;
    lookups.push({
      host: textOf(host),
      by: textOf(by),
      durationMs: numberOf(durationMs),
      code: textOf(code),
    });
  });
  return {
    now() {
      const sinceMs = now() - NOW_MS;
      const present = slices.filter(({ startedAtMs }) => startedAtMs >= sinceMs);
      const before = slices.filter(({ startedAtMs }) => startedAtMs < sinceMs);
      return lookupsOf(
        present.flatMap(({ lookups }) => lookups),
        before.map(({ lookups }) => lookups),
      );
    },
  };
}

/** Pure. @param before by slice */
export function lookupsOf(present: readonly Lookup[], before: readonly (readonly Lookup[])[]): JsonObject {
  const done = present.filter(({ code }) => code === '');
  const failed = present.filter(({ code }) => code !== '');
  const medians = before
    .map((lookups) => lookups.filter(({ code }) => code === '').map(({ durationMs }) => durationMs))
    .filter((durations) => durations.length >= ENOUGH)
    .map((durations) => median(durations))
    .sort((a, b) => a - b);
  const hosts = [...Map.groupBy(present, ({ host }) => host)].sort(([, a], [, b]) => b.length - a.length);
  return {
    count: present.length,
    medianMs: done.length === 0 ? null : round(median(done.map(({ durationMs }) => durationMs))),
    usualMs: medians[Math.floor(medians.length * USUAL_SHARE)] ?? null,
    failed: failed.length,
    codes: [...new Set(failed.map(({ code }) => code))].slice(0, HOSTS),
    by: [...new Set(present.map(({ by }) => by))].slice(0, HOSTS),
    hosts: hosts.slice(0, HOSTS).map(([host]) => host),
  };
}
