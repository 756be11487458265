import type { GcEvent, JsonObject, VitalsSample } from '@nodelens/core';
import { describe, expect, test } from 'vitest';
import { heapLimitForecast } from '../../src/gc/check-forecast.ts';
import { heapAround } from '../../src/gc/efficiency.ts';
import { heapForecast } from '../../src/gc/forecast.ts';
import { type Service, startService } from '../service.ts';

const sample = (second: number, heapUsedMb: number): VitalsSample =>
  ({ atMs: second * 1000, heapUsedMb }) as VitalsSample;
const major = (second: number): GcEvent => ({
  atMs: second * 1000,
  kind: 'major',
  durationMs: 40,
  forced: false,
});

/** Newest first, one a second. */
const series = (heap: (second: number) => number, seconds: number): VitalsSample[] =>
  Array.from({ length: seconds + 1 }, (_, second) => sample(second, heap(second))).reverse();
const majorsEvery = (every: number, seconds: number): GcEvent[] =>
  Array.from({ length: Math.floor(seconds / every) }, (_, index) => major(index * every));

/** A full collection every 30 s; in between the garbage of up to 60 MB comes back. */
const garbage = (second: number): number => (second % 30) * 2;
const shapes: { readonly [name: string]: (second: number) => number } = {
  'steady growth': (second) => 100 + second / 2 + garbage(second),
  'a saw on a level floor': (second) => 100 + garbage(second),
  'a cache that has filled to its bound': (second) => 100 + Math.min(60, second) + garbage(second),
  'a floor that rises and falls': (second) => 100 + 80 * Math.sin(second / 40) + garbage(second),
  'growth that is slow for its heap': (second) => 100 + second / 60 + garbage(second),
};

test.each<[string, number | undefined]>([
  // 500 - 220 MB at 30 MB/min
  ['steady growth', 9.3],
  ['a saw on a level floor', undefined],
  ['a cache that has filled to its bound', undefined],
  ['a floor that rises and falls', undefined],
  ['growth that is slow for its heap', undefined],
])('%s: minutes until the limit', (shape, minutes) => {
  const heap = shapes[shape] as (second: number) => number;
  const forecast = heapForecast({ samples: series(heap, 290), gcEvents: majorsEvery(30, 290), limitMb: 500 });
  expect(forecast?.minutesUntilLimit).toBe(minutes);
  expect(forecast?.basis).toBe('major-gc');
});

test('without full collections the lowest readings of ten minutes are enough, those of one are not', () => {
  const heap = (second: number): number => 100 + second / 4 + (second % 10);
  const forecast = (seconds: number) =>
    heapForecast({ samples: series(heap, seconds), gcEvents: [], limitMb: 500 });
  expect(forecast(600)).toMatchObject({ basis: 'minima', isSteady: true, mbPerMinute: 15 });
  expect(forecast(60)).toBeUndefined();
  expect(heapForecast({ samples: [], gcEvents: [], limitMb: 500 })).toBeUndefined();
});

test('one outlier among the floors does not turn the slope', () => {
  const heap = (second: number): number => (second === 150 ? 400 : 100 + second / 2);
  const forecast = heapForecast({ samples: series(heap, 290), gcEvents: majorsEvery(30, 290), limitMb: 500 });
  expect(forecast?.mbPerMinute).toBe(30);
});

test('many collections between two readings are one floor', () => {
  const heap = (second: number): number => 100 + second / 2;
  const many = Array.from({ length: 40 }, (_, index) => major(288 + index / 40));
  const gcEvents = [...majorsEvery(30, 290), ...many];
  const forecast = heapForecast({ samples: series(heap, 290), gcEvents, limitMb: 500 });
  expect(forecast).toMatchObject({ floors: 10, isSteady: true, mbPerMinute: 30 });
});

describe('the check', () => {
  const evidence = (parts: JsonObject): JsonObject => ({
    forecast: {
      floorMb: 235,
      limitMb: 500,
      mbPerMinute: 30,
      floors: 9,
      windowSeconds: 240,
      isSteady: true,
      ...parts,
    },
  });

  test.each<[string, JsonObject, string | undefined]>([
    ['half an hour', { minutesUntilLimit: 30 }, 'warning'],
    ['a few minutes', { minutesUntilLimit: 8.8 }, 'critical'],
    ['more than an hour', { minutesUntilLimit: 90 }, undefined],
    ['no longer steady', { minutesUntilLimit: 8.8, isSteady: false }, undefined],
    ['no forecast', {}, undefined],
  ])('%s is judged', (_, parts, severity) => {
    expect(heapLimitForecast.conclude(evidence(parts), {})?.severity).toBe(severity);
  });

  test('evidence of another shape says nothing', () => {
    expect(heapLimitForecast.conclude(null, {})).toBeUndefined();
    expect(heapLimitForecast.when({}, [])).toBeUndefined();
  });
});

test('the heap around a collection is read from the seconds around it', () => {
  const samples = [sample(12, 70), sample(11, 60), sample(10, 200), sample(9, 180)];
  expect(heapAround({ ...major(10), atMs: 10_400 }, samples)).toEqual({
    beforeMb: 200,
    afterMb: 60,
    freedMb: 140,
    freedShare: 0.7,
  });
  expect(heapAround(major(30), samples)).toBeUndefined();
});

test('a floor that grows to the limit is foretold; a saw-tooth heap is silent', {
  timeout: 120_000,
}, async () => {
  const [leaky, healthy] = await Promise.all([serviceWith('leak'), serviceWith('saw')]);
  const isForecast = ({ checkId }: { readonly checkId: string }): boolean =>
    checkId === 'gc.heap_limit_forecast';
  const { conclusion } = await leaky.diagnosed('gc', isForecast);
  expect(conclusion.severity).toBe('critical');
  expect(conclusion.hypothesis).toMatch(/the heap is full in [\d.]+ minutes/);

  const ask = (callback: string, ...args: number[]): Promise<JsonObject> =>
    healthy.call('gc', callback, args);
  do expect((await healthy.diagnose('gc')).filter(isForecast)).toEqual([]);
  while ((await ask('gc_heap_limit_forecast')).known !== true);
  expect(await ask('gc_heap_limit_forecast')).not.toHaveProperty('minutesUntilLimit');
  const { minor, recentMajors } = await ask('gc_efficiency', 3);
  expect(minor).toMatchObject({ freedMbPerMs: expect.any(Number), freedShare: expect.any(Number) });
  expect(recentMajors).toContainEqual(
    expect.objectContaining({ forced: false, freedShare: expect.any(Number) }),
  );
  expect(await ask('gc_long_events', 10, 1)).toMatchObject({
    events: expect.arrayContaining([expect.objectContaining({ kind: 'major' })]),
  });
});

async function serviceWith(behaviour: string): Promise<Service> {
  const service = await startService('gc-floor', ['--max-old-space-size=256'], ['gc']);
  service.start(behaviour);
  return service;
}
