import type { RecorderContext, VitalsSample } from '@nodelens/core';
import { expect, test } from 'vitest';
import { growthsOf, heapUsageOf, mainFiguresAgeMs, nativeMbOf } from '../../src/allocator/accounts.ts';

const NOW_MS = 10_000_000;

const sample = (secondsAgo: number, changes: Partial<VitalsSample>): VitalsSample => ({
  atMs: NOW_MS - secondsAgo * 1_000,
  rssMb: 200,
  heapUsedMb: 40,
  heapTotalMb: 60,
  externalMb: 10,
  arrayBuffersMb: 8,
  eventLoopUtilization: 0.1,
  eventLoopDelayP50Ms: 1,
  eventLoopDelayP99Ms: 2,
  eventLoopDelayMaxMs: 3,
  mainCpuPercent: 5,
  processCpuPercent: 9,
  ...changes,
});

/** One sample a second, newest first. */
function contextOf(
  seconds: number,
  changesAt: (secondsAgo: number) => Partial<VitalsSample>,
  stallMs?: number,
): RecorderContext {
  const samples = Array.from({ length: seconds }, (_, ago) => sample(ago, changesAt(ago)));
  return {
    startedAtMs: NOW_MS - 3_600_000,
    now: () => NOW_MS,
    vitals: {
      newest: () => samples,
      since: (windowMs: number) => samples.filter(({ atMs }) => atMs >= NOW_MS - windowMs),
    },
    currentStall: () => (stallMs === undefined ? undefined : { durationMs: stallMs }),
  } as unknown as RecorderContext;
}

test('native is what V8 does not account for, and never below 0', () => {
  expect(nativeMbOf(sample(0, {}))).toBe(130);
  expect(nativeMbOf(sample(0, { externalMb: 900 }))).toBe(0);
});

test('rss that rises alone is native growth; with external memory it is that', () => {
  const alone = growthsOf(contextOf(60, (ago) => ({ rssMb: 300 - ago })));
  expect(alone.native).toMatchObject({ onlyGrows: true, risenMb: 48 });
  expect(alone.external?.onlyGrows).toBe(false);
  expect(alone.besideNative).toMatchObject({ heapTotalMb: 0, externalMb: 0, rssMb: 47 });
  const both = growthsOf(contextOf(60, (ago) => ({ rssMb: 300 - ago, externalMb: 110 - ago })));
  expect(both.native?.onlyGrows).toBe(false);
  expect(both.external).toMatchObject({ onlyGrows: true, risenMb: 48 });
});

test('what was sampled while main was blocked does not count, and the age says so', () => {
  const blocked = contextOf(
    60,
    (ago) => (ago < 20 ? { rssMb: 900, eventLoopDelayMaxMs: 20_000 - ago * 1_000 + 1_000 } : {}),
    20_400,
  );
  expect(growthsOf(blocked).native?.risenMb).toBe(0);
  expect(mainFiguresAgeMs(blocked)).toBe(20_400);
  expect(mainFiguresAgeMs(contextOf(60, () => ({})))).toBe(0);
});

test('of the heap the best use and the least waste within the window are told', () => {
  const context = contextOf(240, (ago) => ({ heapTotalMb: 200, heapUsedMb: ago === 100 ? 90 : 40 }));
  expect(heapUsageOf(context)).toEqual({ windowSeconds: 239, maxPercent: 45, unusedMinMb: 110 });
});
