// A short chaos run from end to end: real processes, real threads, a real load; figures are for the long ones.
import { expect, test } from 'vitest';
import { runChaos } from '../../src/chaos/run-chaos.ts';

test('ten seconds of chaos break nothing', { timeout: 120_000 }, async () => {
  const report = await runChaos({
    seed: 23,
    chaosMs: 10_000,
    calmMs: 500,
    perSecond: 40,
    windowMs: 1_000,
    isJudgedByFigures: false,
    onProgress: () => undefined,
    onNews: () => undefined,
  });
  expect(report.violations).toEqual([]);
  expect(report.traffic.answered).toBe(report.traffic.sent);
  expect(report.tally.events['recorder.restarted']).toBe(1);
  expect(report.findings.acknowledged).toBeGreaterThan(0);
});
