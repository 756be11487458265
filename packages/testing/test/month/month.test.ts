import { createAnomalyDetector } from '@nodelens/core';
import { expect, test } from 'vitest';
import { type Incident, incidents } from '../../src/month/incidents.ts';
import { month, monthStartMs } from '../../src/month/month.ts';

/** Coarser than by default: a fourth of the work. */
const EVERY_MS = 120_000;
/** What an incident leaves behind (queues, garbage) is a part of it. */
const AFTERMATH_MS = 30 * 60_000;

const incidentAt = (atMs: number): Incident | undefined =>
  incidents.find(({ fromMs, untilMs }) => {
    const ms = atMs - monthStartMs;
    return ms >= fromMs && ms < untilMs + AFTERMATH_MS;
  });

test('the detector finds all five incidents of the month, each as one, and nothing in the healthy rest', () => {
  const detector = createAnomalyDetector({ sampleEveryMs: EVERY_MS });
  const found: string[] = [];
  const alarms: string[] = [];
  for (const sample of month({ everyMs: EVERY_MS })) {
    const before = detector.incidentSinceMs;
    for (const event of detector.observe(sample)) {
      if (event.type !== 'anomaly.detected') continue;
      const { metric, sinceMs } = event.anomaly;
      if (incidentAt(sinceMs) === undefined) alarms.push(`${metric} at ${new Date(sinceMs).toISOString()}`);
    }
    if (detector.incidentSinceMs !== before) found.push(incidentAt(sample.atMs)?.name ?? 'none');
  }
  expect(alarms).toEqual([]);
  expect(found).toEqual(incidents.map(({ name }) => name));
});

test('the same seed makes the same month', () => {
  const first = [...month({ seed: 7, days: 0.05 })];
  expect([...month({ seed: 7, days: 0.05 })]).toEqual(first);
  expect([...month({ seed: 8, days: 0.05 })]).not.toEqual(first);
});
