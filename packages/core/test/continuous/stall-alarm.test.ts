import { ManualClock } from '@nodelens/testing';
import { expect, test } from 'vitest';
import type { Clock } from '../../src/actor/clock.ts';
import { startStallAlarm } from '../../src/continuous/stall-alarm.ts';
import type { Stall } from '../../src/recorder/context.ts';

function watched() {
  const clock = new ManualClock();
  let setBackMs = 0;
  const wall: Clock = {
    now: () => clock.now() - setBackMs,
    elapsed: () => clock.now(),
    after: (ms, run) => clock.after(ms, run),
    every: (ms, run) => clock.every(ms, run),
  };
  const alarms: number[] = [];
  let begin = (): void => undefined;
  let stall: Stall | undefined;
  const undo = startStallAlarm(
    {
      onStall: (listener) => {
        begin = listener;
      },
      currentStall: () => stall,
    },
    wall,
    () => alarms.push(clock.now()),
  );
  const stallFor = (ms: number): void => {
    stall = {} as Stall;
    begin();
    clock.advance(ms);
    stall = undefined;
  };
  const setBack = (ms: number): void => {
    setBackMs += ms;
  };
  return { clock, alarms, stallFor, setBack, undo };
}

test('a stall is called out when it has lasted a moment, and ever more rarely while it lasts', () => {
  const { alarms, stallFor } = watched();
  stallFor(120_000);
  expect(alarms).toEqual([250, 2_250, 6_250, 14_250, 30_250, 60_250, 90_250]);
});

test('a short one is not, and many are called out every two seconds', () => {
  const { clock, alarms, stallFor } = watched();
  stallFor(249);
  clock.advance(10_000);
  expect(alarms).toEqual([]);
  for (let n = 0; n < 10; n++) {
    stallFor(400);
    clock.advance(600);
  }
  expect(alarms.length).toBeGreaterThanOrEqual(3);
  for (const [index, at] of alarms.entries())
    expect(at - (alarms[index - 1] ?? 0)).toBeGreaterThanOrEqual(2_000);
});

test('a wall clock that was set back silences none', () => {
  const { clock, alarms, stallFor, setBack } = watched();
  stallFor(300);
  setBack(3_600_000);
  clock.advance(10_000);
  stallFor(300);
  expect(alarms).toHaveLength(2);
});

test('afterwards nothing is called out', () => {
  const { clock, alarms, stallFor, undo } = watched();
  stallFor(100);
  undo();
  stallFor(5_000);
  expect(alarms).toEqual([]);
  expect(clock.pending).toBe(0);
});
