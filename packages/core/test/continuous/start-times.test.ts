import { ManualClock } from '@nodelens/testing';
import { expect, test } from 'vitest';
import { createStartTimes } from '../../src/continuous/start-times.ts';

async function afterStartsOf(...tookMs: readonly number[]): Promise<number> {
  const clock = new ManualClock();
  const times = createStartTimes(clock);
  for (const ms of tookMs)
    await times.measure(async () => {
      clock.advance(ms);
    });
  return times.leadMs;
}

test.each([
  { tookMs: [], leadMs: 150 },
  { tookMs: [60], leadMs: 90 },
  { tookMs: [50, 60, 400], leadMs: 90 },
  { tookMs: [900, 900, 40, 40, 40, 40, 40], leadMs: 60 },
  { tookMs: [1, 1], leadMs: 20 },
  { tookMs: [5_000], leadMs: 500 },
])('after starts of $tookMs ms the next begins $leadMs ms ahead', async ({ tookMs, leadMs }) => {
  expect(await afterStartsOf(...tookMs)).toBe(leadMs);
});

test('a start that failed tells nothing', async () => {
  const times = createStartTimes(new ManualClock());
  await expect(times.measure(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(times.leadMs).toBe(150);
});
