import { expect, test } from 'vitest';
import { cpuHot } from '../../src/runtime/check-cpu.ts';
import { memoryGrowth } from '../../src/runtime/check-memory.ts';

const busy = { eventLoopUtilization10s: 0.97, mainCpuPercent10s: 95, mainBlockedMs: 0, stalled1mMs: 0 };

test.each<[string, object, boolean]>([
  ['a full loop', {}, true],
  ['a loop with headroom', { eventLoopUtilization10s: 0.7 }, false],
  ['a loop that waits for CPU', { mainCpuPercent10s: 20 }, false],
  ['a blocked main', { mainBlockedMs: 900 }, false],
  ['a main that was mostly stalled', { stalled1mMs: 20_000 }, false],
])('%s: looked into or not', (_, change, isFound) => {
  expect(cpuHot.when({ ...busy, ...change }, []) !== undefined).toBe(isFound);
});

const evidence = (selfShare: number, utilizationMean = 0.98) => ({
  loop: { utilizationMean },
  cpu: { mainMeanPercent: 96 },
  hot: {
    functions: [
      { name: 'handler', file: '/srv/a.js', line: 3, selfShare: 0.05, totalShare: 0.99 },
      { name: 'sumUp', file: '/srv/a.js', line: 30, selfShare, totalShare: 0.9 },
    ],
  },
});

test('the function that computes is named, not the one that contains it', () => {
  expect(cpuHot.conclude(evidence(0.8), {})).toMatchObject({
    severity: 'warning',
    subjects: [{ kind: 'function', name: 'sumUp', line: 30, value: 80, unit: '%' }],
  });
});

test('without a function that stands out it is no more than a hint', () => {
  expect(cpuHot.conclude(evidence(0.2), {})).toMatchObject({ severity: 'info', subjects: [] });
});

test('what has passed is no finding', () => {
  expect(cpuHot.conclude(evidence(0.8, 0.5), {})).toBeUndefined();
});

test.each<[string, object, boolean]>([
  ['a rising floor', {}, true],
  ['a floor that fell in between', { heapFloorOnlyGrows: false }, false],
  ['a small rise', { heapFloorRisenMb: 10 }, false],
  ['a rise that is small for its heap', { heapFloorMb: 900 }, false],
])('%s is memory growth or not', (_, change, isFound) => {
  const snapshot = { heapFloorRisenMb: 60, heapFloorMb: 120, heapFloorOnlyGrows: true, ...change };
  expect(memoryGrowth.when(snapshot, []) !== undefined).toBe(isFound);
});

test.each([
  ['three full collections', { basis: 'major-gc' }, 'warning'],
  ['lowest readings', { basis: 'minima' }, 'info'],
  ['two full collections', { basis: 'major-gc', floors: 2 }, 'info'],
  ['a few seconds', { basis: 'major-gc', windowSeconds: 6 }, 'info'],
])('a floor by %s', (_, change, severity) => {
  const rise = { risenMb: 60, floorMb: 120, onlyGrows: true, mbPerMinute: 40 };
  const floor5m = { ...rise, windowSeconds: 90, floors: 3, ...change };
  expect(memoryGrowth.conclude({ rssMb: 300, heapUsedMb: 130, floor5m }, {})).toMatchObject({ severity });
});
