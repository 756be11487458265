import { expect, test } from 'vitest';
import { createAlarm, type Vitals } from '../src/monitor.ts';

const usual: Vitals = { requests: 160, p99Ms: 5, waiting: 0, oldestWaitMs: 2, rssMb: 140, cpuPercent: 8 };

/** The first alert among these readings, and at which of them it came. */
function firstAlert(readings: readonly Partial<Vitals>[]): readonly [number, string] | undefined {
  const alarm = createAlarm(usual);
  for (const [index, reading] of readings.entries()) {
    const alert = alarm({ ...usual, ...reading });
    if (alert !== undefined) return [index + 1, alert];
  }
  return undefined;
}

const times = (count: number, reading: Partial<Vitals>): Partial<Vitals>[] =>
  Array.from({ length: count }, () => reading);

test.each<[string, Partial<Vitals>[], readonly [number, string] | undefined]>([
  ['a usual day', times(50, {}), undefined],
  ['a short peak of CPU', [...times(7, { cpuPercent: 95 }), {}, ...times(7, { cpuPercent: 95 })], undefined],
  ['CPU that stays', times(20, { cpuPercent: 95 }), [8, 'cpu alert: cpu at 95 %, usually 8 %']],
  [
    'memory that stays grown',
    times(20, { rssMb: 260 }),
    [8, 'memory alert: resident memory grew from 140 to 260 MB'],
  ],
  [
    'requests without an answer, at once',
    [{}, { waiting: 12, oldestWaitMs: 1800 }],
    [2, 'latency alert: 12 requests without an answer, the oldest for 1800 ms'],
  ],
])('%s', (_, readings, alert) => {
  expect(firstAlert(readings)).toEqual(alert);
});
