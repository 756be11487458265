import type { GcEvent, RecorderContext, Stall, VitalsSample } from '@nodelens/core';
import { expect, test } from 'vitest';
import { burstsOf } from '../../src/vm-events/bursts.ts';
import type { VmEvent } from '../../src/vm-events/event.ts';
import { countsOf, timelineOf } from '../../src/vm-events/figures.ts';
import { keepPauses } from '../../src/vm-events/pauses.ts';
import { busyLoops, heapEdges, rssJumps } from '../../src/vm-events/vitals-events.ts';
import { keepWarnings, kindsOf, type ProcessWarning } from '../../src/vm-events/warnings.ts';

const series = (field: keyof VitalsSample, values: readonly number[]): readonly VitalsSample[] =>
  values.map((value, i) => ({
    ...({ mainCpuPercent: 0, eventLoopDelayMaxMs: 0 } as VitalsSample),
    atMs: 10_000 + i * 1_000,
    [field]: value,
  }));

test('a heap that saws at its limit is one stay with two edges', () => {
  const edges = heapEdges(series('heapUsedMb', [50, 86, 84, 93, 84, 79, 84]), 100);
  expect(edges).toMatchObject([
    { type: 'heap-limit', atMs: 11_000, facts: { edge: 'up', usedPercent: 86 } },
    { type: 'heap-limit', atMs: 15_000, facts: { edge: 'down', aboveMs: 4_000, peakPercent: 93 } },
  ]);
});

test('a busy loop of five seconds is a burst, a shorter one is not', () => {
  const found = busyLoops(series('eventLoopUtilization', [0.95, 0.95, 0.2, 0.95, 1, 1, 1, 0.95]));
  expect(found).toMatchObject([{ atMs: 12_000, durationMs: 5_000, facts: { ongoing: true } }]);
});

test.each<[string, number[], number[]]>([
  ['a jump', [200, 201, 300, 301, 302], [102]],
  ['a steady rise', [200, 210, 220, 230, 240, 250, 260], []],
  ['a jump that is small for its size', [2_000, 2_001, 2_100], []],
  ['a jump in two steps', [200, 200, 280, 360, 360, 360, 360, 360, 360], [160]],
])('%s of the resident memory', (_, values, risen) => {
  expect(rssJumps(series('rssMb', values)).map(({ facts }) => facts.risenMb)).toEqual(risen);
});

interface Rings {
  gc: GcEvent[];
  stalls: Stall[];
  current?: Stall;
}

function contextOf(rings: Rings): RecorderContext {
  return {
    startedAtMs: 0,
    now: () => 100_000,
    everySecond: () => undefined,
    gc: { newest: () => rings.gc },
    stalls: { newest: () => rings.stalls },
    currentStall: () => rings.current,
  } as unknown as RecorderContext;
}

const collection = (atMs: number, durationMs: number, forced = false): GcEvent => ({
  atMs,
  kind: 'major',
  durationMs,
  forced,
});

test('long collections outlive the ring, by their own time; forced ones do not count', () => {
  const rings: Rings = {
    gc: [
      collection(50_000, 150),
      collection(40_000, 90),
      collection(30_000, 500, true),
      collection(20_000, 300),
    ],
    stalls: [
      {
        id: 'a',
        startedAtMs: 49_990,
        durationMs: 200,
        starvedMs: 140,
        stack: [],
        ongoing: false,
      } as unknown as Stall,
    ],
  };
  const pauses = keepPauses(contextOf(rings));
  const told = (): unknown => pauses.events().map(({ type, atMs }) => [type, atMs]);
  expect(told()).toEqual([
    ['long-gc', 20_000],
    ['stall', 49_990],
  ]);
  rings.gc = [];
  rings.stalls = [];
  expect(told()).toEqual([
    ['long-gc', 20_000],
    ['stall', 49_990],
  ]);
});

test('of very many long collections the newest are kept', () => {
  const gc = Array.from({ length: 1_000 }, (_, i) => collection(100_000 - i, 120));
  const pauses = keepPauses(contextOf({ gc, stalls: [] }));
  pauses.events();
  const times = pauses.events().map(({ atMs }) => atMs);
  expect([times.length, Math.max(...times), Math.min(...times)]).toEqual([300, 100_000, 99_701]);
});

const gcEvent = (atMs: number, ownMs = 120): VmEvent => ({
  type: 'long-gc',
  atMs,
  durationMs: ownMs,
  facts: { ownMs },
});

test('three long collections close together are a burst', () => {
  const burst = burstsOf([
    gcEvent(90_000),
    gcEvent(50_000),
    gcEvent(14_000, 300),
    gcEvent(12_000),
    gcEvent(10_000),
  ]);
  expect(burst).toEqual([{ atMs: 10_000, endedAtMs: 14_300, count: 3, totalMs: 540, longestMs: 300 }]);
});

test('counts are by 1, 5 and 15 minutes, rates by the time that was recorded', () => {
  const now = 1_000_000;
  const events = [gcEvent(now - 30_000), gcEvent(now - 100_000)];
  expect(countsOf(events, now, 120_000)[0]).toEqual({
    type: 'long-gc',
    last1m: 1,
    last5m: 2,
    last15m: 2,
    perMinute5m: 1,
    perMinute15m: 1,
    newestAgoMs: 30_000,
  });
});

test('a timeline has each event once, newest part first', () => {
  const parts = timelineOf({
    events: [gcEvent(99_000), gcEvent(41_000, 300)],
    samples: [],
    nowMs: 100_000,
    windowMs: 60_000,
  });
  expect(parts).toHaveLength(20);
  expect(parts[0]).toMatchObject({ fromMs: 97_000, counts: { 'long-gc': 1 } });
  expect(parts.at(-1)).toMatchObject({ counts: { 'long-gc': 1 }, longestPauseMs: 300 });
});

const warning = (atMs: number, name = 'W', line?: number): ProcessWarning => ({
  atMs,
  name,
  code: '',
  message: 'm',
  frame: line === undefined ? undefined : { name: 'f', file: '/srv/a.js', line },
});

test('warnings are one kind by name and place; those of a flood without a place belong to it', () => {
  const kinds = kindsOf([warning(4), warning(3, 'W', 7), warning(2, 'W', 7), warning(1, 'V', 7)]);
  expect(kinds.map(({ name, count, frame }) => [name, count, frame?.line])).toEqual([
    ['W', 3, 7],
    ['V', 1, 7],
  ]);
});

test('a flood of warnings is bounded and keeps those about listeners', () => {
  let tell: (event: { name: string; atMs: number }) => void = () => {};
  const warnings = keepWarnings({
    numbers: new Float64Array(0),
    emitted: 0,
    dropped: 0,
    failure: undefined,
    ask: async () => null,
    onEvent: (listener) => {
      tell = listener;
    },
  });
  tell({ name: 'MaxListenersExceededWarning', atMs: 0 });
  for (let atMs = 1; atMs <= 5_000; atMs += 1) tell({ name: 'W', atMs });
  expect(warnings.all()).toHaveLength(501);
  expect(warnings.all()[0]?.atMs).toBe(5_000);
  expect(warnings.ofListeners()).toHaveLength(1);
});
