import { expect, test } from 'vitest';
import { ownPercent, readMainUse } from '../src/own-share.ts';

test.each<[string, number, number, number, number]>([
  ['a main that never waits', 12, 7, 0, 12],
  ['where the kernel tells nothing', 12, 0, 0, 12],
  ['little of a main that mostly waits for a core', 12, 7, 36, 3.1],
  ['a main that always runs or waits', 20, 20, 80, 20],
  ['a pipe that nobody reads, beside a wait', 80, 2, 10, 77.8],
  ['all of the time that there was', 100, 50, 50, 100],
])('%s: %d %% by the clock', (_, percent, ranPercent, waitedPercent, expected) => {
  expect(ownPercent(percent, { ranPercent, waitedPercent })).toBeCloseTo(expected, 1);
});

test.runIf(process.platform === 'linux')('what main has had of the machine grows while it computes', () => {
  const before = readMainUse();
  expect(before.ranMs).toBeGreaterThan(0);
  while (readMainUse().ranMs < before.ranMs + 20);
  expect(readMainUse().waitedMs).toBeGreaterThanOrEqual(before.waitedMs);
});
