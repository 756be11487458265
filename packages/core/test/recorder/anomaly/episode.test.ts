import { expect, test } from 'vitest';
import { reasonFor } from '../../../src/recorder/anomaly/episode.ts';
import type { Anomaly } from '../../../src/telemetry/continuous-events.ts';

const anomaly = (metric: string, parts: Partial<Anomaly>): Anomaly => ({
  skill: 'handles',
  metric,
  value: 2,
  expected: 1,
  deviation: 5,
  sinceMs: Date.parse('2026-03-30T10:00:00Z'),
  ...parts,
});

test('of what is off for certain, what has moved most is named first; of the rest, what is surest', () => {
  const reason = reasonFor([
    anomaly('steady', { value: 1.64, expected: 1.88, deviation: -300 }),
    anomaly('sockets', { value: 1_140, expected: 25, deviation: 40 }),
    anomaly('errors', { value: 3, expected: 0, deviation: 12 }),
    anomaly('unsure', { value: 900, expected: 1, deviation: 4 }),
    anomaly('surer', { value: 2, expected: 1, deviation: 6 }),
    anomaly('left out', { deviation: 3 }),
  ]);
  expect(reason).toBe(
    'Metrics left their normal range since 2026-03-30T10:00:00.000Z: handles.errors is 3 (usually 0); handles.sockets is 1140 (usually 25); handles.steady is 1.64 (usually 1.88); handles.surer is 2 (usually 1); handles.unsure is 900 (usually 1); 1 more.',
  );
});
