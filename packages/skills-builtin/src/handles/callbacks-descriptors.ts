// What scripts may ask of files and of growth; all of it from /proc and its history.
import type { JsonObject, Skill } from '@nodelens/core';
import * as v from 'valibot';
import { max, min } from '../statistics.ts';
import { countPatterns, type Descriptor, FD_KINDS, isOfPattern } from './descriptors.ts';
import { type Point, slopePerMinute, steadyGrowth } from './growth.ts';
import { pointsOf } from './history.ts';
import type { Sources } from './sources.ts';

const MINUTE_MS = 60_000;
const limit = v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)), 20);
const EXAMPLES = 3;
const GROUPS = 10;

export const descriptorsCallbacks = (sources: Sources): Skill['callbacks'] => ({
  handles_files: {
    description:
      'Open files by pattern of their path, most first: count, perMinute over the last 5 minutes, oldestMs since first seen, deleted (no name any more, space not freed), examples with path, mode and position in bytes. Takes up to 10 ms of the recorder.',
    params: { limit },
    run: (count: number) => filesNow(sources, count),
  },
  handles_growth: {
    description:
      'Growth over the last minutes (default 15, at most 60) from stored readings: all descriptors, each kind, and the most numerous path patterns and peers: from, to, lowest, highest, perMinute, and steady: true when the lowest readings rise from each quarter of a window to the next, as leaks do.',
    params: { minutes: v.optional(v.pipe(v.number(), v.minValue(0.1), v.maxValue(60)), 15) },
    run: (minutes: number) => growthOf(sources, minutes * MINUTE_MS),
  },
});

function filesNow({ descriptors, reader, context }: Sources, count: number): readonly JsonObject[] | null {
  const found = descriptors.look();
  if (found === undefined) return null;
  const readings = descriptors.readings();
  const files = found.sample.filter(({ kind }) => kind === 'file');
  const exampleOf = ({ fd, target }: Descriptor): JsonObject => ({
    path: target,
    mode: reader.mode(fd) ?? null,
    position: reader.position(fd) ?? null,
  });
  return [...countPatterns(files.map(({ target }) => target))].slice(0, count).map(([pattern, some]) => {
    const own = files.filter(({ target }) => isOfPattern(target, pattern));
    const points = pointsOf(readings, (reading) => reading.files.get(pattern) ?? 0);
    return {
      pattern,
      count: some * found.every,
      perMinute: slopePerMinute(points, 5 * MINUTE_MS),
      oldestMs: max(own.map((file) => descriptors.ages.descriptorMs(file, context.now()))),
      deleted: own.filter(({ isDeleted }) => isDeleted).length * found.every,
      examples: own.slice(0, EXAMPLES).map(exampleOf),
    };
  });
}

function growthOf({ descriptors, context }: Sources, windowMs: number): JsonObject {
  const readings = descriptors.readings().filter(({ atMs }) => atMs >= context.now() - windowMs);
  const connections = descriptors.connections().filter(({ atMs }) => atMs >= context.now() - windowMs);
  return {
    readings: readings.length,
    seconds: Math.round(((readings.at(-1)?.atMs ?? 0) - (readings[0]?.atMs ?? 0)) / 1_000),
    all: seriesFigures(
      pointsOf(readings, ({ open }) => open),
      windowMs,
    ),
    byKind: FD_KINDS.map((kind) => ({
      kind,
      ...seriesFigures(
        pointsOf(readings, ({ kinds }) => kinds[kind]),
        windowMs,
      ),
    })),
    files: groupFigures(readings, ({ files }) => files, windowMs),
    peers: groupFigures(connections, ({ outgoing }) => outgoing, windowMs),
  };
}

function groupFigures<T extends { readonly atMs: number }>(
  readings: readonly T[],
  groupsOf: (reading: T) => ReadonlyMap<string, number>,
  windowMs: number,
): readonly JsonObject[] {
  const newest = readings.at(-1);
  const names = newest === undefined ? [] : [...groupsOf(newest).keys()].slice(0, GROUPS);
  return names.map((name) => ({
    name,
    ...seriesFigures(
      pointsOf(readings, (reading) => groupsOf(reading).get(name) ?? 0),
      windowMs,
    ),
  }));
}

function seriesFigures(points: readonly Point[], windowMs: number): JsonObject {
  const values = points.map(({ value }) => value);
  return {
    from: values[0] ?? 0,
    to: values.at(-1) ?? 0,
    lowest: min(values),
    highest: max(values),
    perMinute: slopePerMinute(points, windowMs),
    steady: steadyGrowth(points) !== undefined,
  };
}
