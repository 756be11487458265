import { ManualClock } from '@nodelens/testing';
import { expect, test, vi } from 'vitest';
import { createHeart, watchHeart } from '../../src/actor/limits/heartbeat.ts';

function watch(): {
  clock: ManualClock;
  heart: Int32Array;
  onStill: ReturnType<typeof vi.fn>;
  undo: () => void;
} {
  const clock = new ManualClock();
  const heart = createHeart();
  const onStill = vi.fn();
  const undo = watchHeart(heart, { clock, timeoutMs: 1_000, startMs: 5_000, onStill });
  return { clock, heart, onStill, undo };
}

test('a heart that stands still for the timeout is reported once', () => {
  const { clock, heart, onStill } = watch();
  Atomics.add(heart, 0, 1);
  clock.advance(1_000);
  expect(onStill).not.toHaveBeenCalled();
  clock.advance(250);
  expect(onStill).toHaveBeenCalledTimes(1);
  clock.advance(10_000);
  expect(onStill).toHaveBeenCalledTimes(1);
});

test('each beat starts the time anew', () => {
  const { clock, heart, onStill } = watch();
  for (let n = 0; n < 20; n += 1) {
    Atomics.add(heart, 0, 1);
    clock.advance(900);
  }
  expect(onStill).not.toHaveBeenCalled();
});

test('until the first beat, the time to start is granted on top', () => {
  const { clock, onStill } = watch();
  clock.advance(5_750);
  expect(onStill).not.toHaveBeenCalled();
  clock.advance(250);
  expect(onStill).toHaveBeenCalledTimes(1);
});

test('after the undo nothing is reported', () => {
  const { clock, onStill, undo } = watch();
  undo();
  clock.advance(60_000);
  expect(onStill).not.toHaveBeenCalled();
  expect(clock.pending).toBe(0);
});

test('a standstill is told once before it counts as death, and again when it comes again', () => {
  const clock = new ManualClock();
  const heart = createHeart();
  const onStanding = vi.fn();
  watchHeart(heart, { clock, timeoutMs: 1_000, startMs: 5_000, onStanding, onStill: vi.fn() });
  clock.advance(2_000);
  expect(onStanding).not.toHaveBeenCalled();
  for (const times of [1, 2]) {
    Atomics.add(heart, 0, 1);
    clock.advance(250);
    clock.advance(900);
    expect(onStanding).toHaveBeenCalledTimes(times);
  }
});
