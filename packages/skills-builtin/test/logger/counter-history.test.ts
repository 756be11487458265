import type { ProbeFeed } from '@nodelens/core';
import { expect, test } from 'vitest';
import { createCounterHistory } from '../../src/logger/counter-history.ts';
import { COUNTERS } from '../../src/logger/counters.ts';

/** 10 s in which main writes 250 lines a second, some 0.5 ms each by the clock. */
function ratesOf(ranMs: number, waitedMs: number) {
  const numbers = new Float64Array(16);
  const time = { ms: 0 };
  const seconds: ((isAtRest: boolean) => void)[] = [];
  const pulse = {
    now: () => time.ms,
    everySecond: (listener: (isAtRest: boolean) => void) => void seconds.push(listener),
  };
  const history = createCounterHistory({ numbers } as unknown as ProbeFeed, pulse, () => ({
    ranMs: (ranMs * time.ms) / 1_000,
    waitedMs: (waitedMs * time.ms) / 1_000,
  }));
  for (let second = 1; second <= 10; second += 1) {
    time.ms = second * 1_000;
    numbers[COUNTERS.stdoutLines] = 250 * second;
    numbers[COUNTERS.spentMs] = 120 * second;
    for (const listener of seconds) listener(false);
  }
  return history.rates(10_000);
}

test('writes take the time that they are worked on', () => {
  expect(ratesOf(150, 0)).toMatchObject({
    linesPerSecond: 250,
    writingSharePercent: 12,
    mainRanPercent: 15,
    mainWaitedPercent: 0,
  });
});

test('a main that waits for a core inside of its writes does not spend that time on writing', () => {
  const { writingSharePercent, mainWaitedPercent } = ratesOf(70, 360);
  expect(mainWaitedPercent).toBe(36);
  expect(writingSharePercent).toBeLessThan(4);
});
