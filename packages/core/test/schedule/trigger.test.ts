import { ManualClock } from '@nodelens/testing';
import { expect, test } from 'vitest';
import type { InvestigationResult } from '../../src/coordinator/insight.ts';
import type { InvestigationRequest } from '../../src/coordinator/spec.ts';
import { fail } from '../../src/errors.ts';
import { createTrigger } from '../../src/schedule/trigger.ts';
import type { LensEventOf } from '../../src/telemetry/events.ts';

const HOUR_MS = 3_600_000;

function lab(maxPerHour = 2) {
  const clock = new ManualClock();
  const events: LensEventOf<'investigation.triggered'>[] = [];
  const running: { request: InvestigationRequest; end: PromiseWithResolvers<InvestigationResult> }[] = [];
  const trigger = createTrigger({
    investigate(request) {
      const end = Promise.withResolvers<InvestigationResult>();
      running.push({ request, end });
      return end.promise;
    },
    maxPerHour,
    clock,
    emit: (event) => events.push(event),
  });
  const finish = async (index: number): Promise<void> => {
    running[index]?.end.resolve({} as InvestigationResult);
    await new Promise(setImmediate);
  };
  return { clock, events, running, trigger, finish };
}

test('anomalies start one investigation at a time, and only so many within any hour', async () => {
  const { clock, events, running, trigger, finish } = lab();
  const fire = () => trigger.fire('anomaly', { reason: 'rss' });
  expect(fire()).toBe(true);
  expect(fire(), 'one is under way').toBe(false);
  await finish(0);
  clock.advance(HOUR_MS / 2);
  expect(fire()).toBe(true);
  await finish(1);
  expect(fire(), 'two within the hour').toBe(false);
  clock.advance(HOUR_MS / 2);
  expect(fire(), 'the first is an hour ago').toBe(true);
  await finish(2);
  expect(fire(), 'the window slides: the second still counts').toBe(false);
  expect(running).toHaveLength(3);
  expect(events.map(({ isStarted }) => isStarted)).toEqual([true, false, true, false, true, false]);
});

test('schedules know no hourly limit and do not wait for others, but never overlap with themselves', async () => {
  const { trigger, finish } = lab(0);
  expect(trigger.fire('anomaly', { reason: 'rss' })).toBe(false);
  expect(trigger.fire('schedule', { reason: 'hourly' }, 'a')).toBe(true);
  expect(trigger.fire('schedule', { reason: 'hourly' }, 'a')).toBe(false);
  expect(trigger.fire('schedule', { reason: 'hourly' }, 'b')).toBe(true);
  await finish(0);
  expect(trigger.fire('schedule', { reason: 'hourly' }, 'a')).toBe(true);
});

test('an investigation that could not be run is told with its error, and the next may start', async () => {
  const { events, running, trigger } = lab();
  trigger.fire('schedule', { reason: 'hourly' }, 'a');
  running[0]?.end.reject(fail('memory_short', { what: 'it', neededMb: 1, freeMb: 0 }));
  await new Promise(setImmediate);
  expect(events).toMatchObject([
    { isStarted: true },
    { isStarted: false, reason: 'hourly', error: { code: 'memory_short' } },
  ]);
  expect(trigger.fire('schedule', { reason: 'hourly' }, 'a')).toBe(true);
});
