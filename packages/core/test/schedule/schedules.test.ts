import { ManualClock } from '@nodelens/testing';
import { expect, test } from 'vitest';
import { isError } from '../../src/errors.ts';
import { startSchedules } from '../../src/schedule/schedules.ts';
import type { ScheduleOptions } from '../../src/schedule/spec.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const NOON = Date.parse('2026-03-02T12:00:30Z');

const schedule = (changes: Partial<ScheduleOptions> = {}): ScheduleOptions => ({
  name: 'quarterly',
  cron: '*/15 * * * *',
  timezone: 'UTC',
  run: { reason: 'is it healthy?' },
  ...changes,
});

interface LabOptions {
  readonly clock?: ManualClock;
  readonly isBusy?: () => boolean;
}

function lab(
  schedules: readonly ScheduleOptions[],
  { clock = new ManualClock(NOON), isBusy = () => false }: LabOptions = {},
) {
  const fired: string[] = [];
  const events: [string, boolean][] = [];
  const stop = startSchedules({
    schedules,
    fire({ name }) {
      if (isBusy()) return false;
      fired.push(`${name} ${new Date(clock.now()).toISOString().slice(11, 19)}`);
      return true;
    },
    emit: (event) => events.push([event.schedule, event.isStarted]),
    clock,
    random: () => 0.5,
  });
  return { clock, fired, events, stop };
}

/** Time that jumps: the machine slept, or its clock was set. */
class JumpingClock extends ManualClock {
  #offset = 0;

  override now(): number {
    return super.now() + this.#offset;
  }

  jump(ms: number): void {
    this.#offset += ms;
  }
}

test('each schedule fires at its own times, in its time zone, until it is stopped', () => {
  const { clock, fired, events, stop } = lab([
    schedule(),
    schedule({ name: 'kolkata', cron: '45 17 * * *', timezone: 'Asia/Kolkata' }),
    schedule({ name: 'secondly', cron: '5 20 12 * * *' }),
  ]);
  clock.advance(31 * MINUTE_MS);
  expect(fired).toEqual([
    'quarterly 12:15:00',
    'kolkata 12:15:00',
    'secondly 12:20:05',
    'quarterly 12:30:00',
  ]);
  expect(events).toContainEqual(['kolkata', true]);
  stop();
  expect(clock.pending).toBe(0);
});

test('jitter puts each time off, and what comes meanwhile is left out', () => {
  const { clock, fired } = lab([
    schedule({ jitterMs: 10 * MINUTE_MS }),
    schedule({ name: 'minutely', cron: '* * * * *', jitterMs: 4 * MINUTE_MS }),
  ]);
  clock.advance(20 * MINUTE_MS);
  expect(fired).toContain('quarterly 12:20:00');
  expect(fired.filter((line) => line.startsWith('minutely')).slice(0, 2)).toEqual([
    'minutely 12:03:00',
    'minutely 12:06:00',
  ]);
});

test('a time that comes while the last investigation is under way is told, and left out', () => {
  let isBusy = true;
  const { clock, fired, events } = lab([schedule()], { isBusy: () => isBusy });
  clock.advance(15 * MINUTE_MS);
  isBusy = false;
  clock.advance(15 * MINUTE_MS);
  expect(events).toEqual([
    ['quarterly', false],
    ['quarterly', true],
  ]);
  expect(fired).toHaveLength(1);
});

test('times that were slept through are not made up for', () => {
  const clock = new JumpingClock(NOON);
  const { fired, events } = lab([schedule()], { clock });
  clock.jump(5 * HOUR_MS + 7 * MINUTE_MS);
  clock.advance(MINUTE_MS);
  expect(fired).toEqual([]);
  expect(events, 'told once').toEqual([['quarterly', false]]);
  clock.advance(8 * MINUTE_MS);
  expect(fired).toEqual(['quarterly 17:15:00']);
});

test('a clock that is set back finds the times that come earlier now', () => {
  const clock = new JumpingClock(NOON);
  const { fired } = lab([schedule({ cron: '0 * * * *' })], { clock });
  clock.jump(-40 * MINUTE_MS);
  clock.advance(40 * MINUTE_MS);
  expect(fired).toEqual(['quarterly 12:00:00']);
});

test('a time weeks ahead is waited for in pieces, not by a timer that overflows', () => {
  const { clock, fired } = lab([schedule({ cron: '0 0 1 4 *' })]);
  clock.advance(30 * 24 * HOUR_MS);
  expect(fired).toEqual(['quarterly 00:00:00']);
});

test.for<[string, Partial<ScheduleOptions>]>([
  ['a pattern with too few fields', { cron: '* * *' }],
  ['a minute that does not exist', { cron: '61 * * * *' }],
  ['a date that never comes', { cron: '0 0 31 2 *' }],
  ['a time zone that does not exist', { timezone: 'Europe/Atlantis' }],
])('%s is refused, and nothing is armed', ([, changes]) => {
  const clock = new ManualClock(NOON);
  let refused: unknown;
  try {
    lab([schedule({ name: 'good' }), schedule({ name: 'bad', ...changes })], { clock });
  } catch (error) {
    refused = error;
  }
  expect(isError(refused, 'schedule_invalid') && refused.data.schedule).toBe('bad');
  expect(clock.pending).toBe(0);
});
