import { expect, test } from 'vitest';
import { metricsOf, natureOf } from '../../../src/recorder/anomaly/metrics.ts';

test('metrics are the numbers of a snapshot, nested ones by their path', () => {
  const data = {
    rssMb: 12,
    pool: { idle: 3, name: 'main', deep: { deeper: 1 } },
    slow: [1, 2],
    isBlocked: true,
    blockKind: null,
    gone: undefined,
  };
  expect([...metricsOf(data)]).toEqual([
    ['rssMb', 12],
    ['pool.idle', 3],
    ['pool.deep.deeper', 1],
  ]);
  const routes = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`route${n}`, n]));
  expect(metricsOf(routes).size).toBe(128);
});

const names: readonly [string, 'both' | 'up' | 'down'][] = [
  ['servedPerSecond1m', 'both'],
  ['minorPerMinute', 'both'],
  ['servedP99Ms', 'up'],
  ['longestPause1mMs', 'up'],
  ['uptimeSeconds', 'up'],
  ['heapUsedMb', 'up'],
  ['memoryAvailableMb', 'down'],
  ['mainCpuPercent10s', 'both'],
  ['workers', 'both'],
];
test.each(names)('of %s it is of interest what goes: %s', (name, direction) => {
  expect(natureOf(name).direction).toBe(direction);
});
