import type { GcEvent, RecorderContext } from '@nodelens/core';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  createGrowthHistory,
  type GrowthFigures,
  type Watched,
} from '../../src/collections/growth-history.ts';
import { likelyLeaks } from '../../src/collections/likely-leaks.ts';
import type { Registry } from '../../src/collections/registry.ts';
import type { CollectionFigures } from '../../src/collections/survey.ts';

const POLL_MS = 5_000;
const HALF_AN_HOUR_MS = 30 * 60_000;
let size = 100;
let reads = 0;
let hasReleased = false;
let majors: GcEvent[] = [];

const context = {
  now: () => Date.now(),
  currentStall: () => undefined,
  gc: { since: () => majors, newest: () => majors },
} as unknown as RecorderContext;

const registry: Registry = {
  keep: async (collections) => collections.map((_, index) => index + 1),
  async sizes(ids) {
    reads += 1;
    return ids.map(() => size);
  },
  heapIds: async () => new Map(),
  async release() {
    hasReleased = true;
  },
};

const watched = (...values: number[]): Watched => ({
  handle: { objectId: '1', type: 'object', subtype: 'map', className: 'Map', description: 'Map' },
  name: 'sessions',
  kind: 'Map',
  file: '/srv/app.js',
  points: values.map((value, index) => ({ atMs: Date.now() + index - values.length, value })),
});

beforeEach(() => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  reads = 0;
  hasReleased = false;
  majors = [];
});

describe('the history', () => {
  test('sizes are read on, newest first, with the full collections meanwhile', async () => {
    const history = createGrowthHistory(context, registry);
    size = 100;
    expect(await history.watch([watched(80, 90)])).toEqual(['c1']);
    majors = [{ atMs: Date.now() + 1, kind: 'major', durationMs: 9, forced: false }];
    await vi.advanceTimersByTimeAsync(POLL_MS);
    size = 130;
    await vi.advanceTimersByTimeAsync(POLL_MS);
    expect(history.figures('c1')).toMatchObject({ polls: 4, onlyGrows: true, majorGcs: 1 });
    expect(history.tell('c1', 3)).toMatchObject({
      name: 'sessions',
      points: [
        { secondsAgo: 0, entries: 130 },
        { secondsAgo: 5, entries: 100 },
        { secondsAgo: 10, entries: 90 },
      ],
    });
    size = 20;
    await vi.advanceTimersByTimeAsync(POLL_MS);
    expect(history.figures('c1')?.onlyGrows).toBe(false);
  });

  test('a survey that began before the last reading and told after it makes no fall', async () => {
    const history = createGrowthHistory(context, registry);
    await history.watch([watched(80, 90)]);
    await vi.advanceTimersByTimeAsync(1_000);
    const earlier = watched(95, 99);
    size = 100;
    await vi.advanceTimersByTimeAsync(POLL_MS);
    await history.watch([earlier]);
    expect(history.figures('c1')).toMatchObject({ polls: 5, onlyGrows: true });
  });

  test('what was collected is told as such and read no more', async () => {
    const history = createGrowthHistory(context, registry);
    await history.watch([watched(80, 90)]);
    size = -1;
    await vi.advanceTimersByTimeAsync(2 * POLL_MS);
    expect(history.tell('c1', 9)).toMatchObject({ isCollected: true, points: [{}, {}] });
  });

  test('nobody asks: after half an hour main is left alone', async () => {
    const history = createGrowthHistory(context, registry);
    size = 100;
    await history.watch([watched(80, 90)]);
    await vi.advanceTimersByTimeAsync(2 * HALF_AN_HOUR_MS);
    expect({ reads, hasReleased }).toEqual({ reads: HALF_AN_HOUR_MS / POLL_MS, hasReleased: true });
    expect(history.ids()).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('likely leaks', () => {
  const figures = (id: string, parts: Partial<CollectionFigures> = {}): CollectionFigures => ({
    id,
    name: id,
    kind: 'Map',
    entries: 1_000,
    entriesPerMinute: 600,
    onlyGrows: true,
    estimatedMb: 10,
    estimatedMbPerMinute: 6,
    scope: 'Module',
    file: '/srv/app.js',
    line: 1,
    filledBy: [],
    emptiedBy: [],
    boundedBy: [],
    opaque: '',
    ...parts,
  });
  const seen = (parts: Partial<GrowthFigures>): GrowthFigures => ({
    polls: 9,
    watchedSeconds: 60,
    entriesPerMinute: 600,
    onlyGrows: true,
    majorGcs: 0,
    ...parts,
  });
  const histories = new Map([
    ['confirmed', seen({ majorGcs: 2 })],
    ['fell-before', seen({ onlyGrows: false, majorGcs: 2 })],
    ['new', seen({ polls: 2, majorGcs: 1 })],
  ]);
  const leaks = likelyLeaks(
    [
      figures('emptied', { emptiedBy: [{ name: 'evict' }] }),
      figures('new', { kind: 'Buffer' }),
      figures('fell-before'),
      figures('level', { onlyGrows: false }),
      figures('confirmed'),
    ],
    (id) => histories.get(id),
    { floorMb: 100, limitMb: 400 },
  );

  test('what shrank before is none; confirmed ones come first, emptied ones last', () => {
    expect(leaks.map(({ id, confirmed }) => `${id} ${confirmed}`)).toEqual([
      'confirmed true',
      'new false',
      'emptied false',
    ]);
  });

  test('the time until the heap is full is told of what lies in the heap', () => {
    expect(leaks.map(({ minutesUntilHeapLimit }) => minutesUntilHeapLimit)).toEqual([50, undefined, 50]);
  });
});
