// When main gives the recorder up: a start without a core is waited for, whatever computes or sleeps for ever is not.
import { ManualClock } from '@nodelens/testing';
import { expect, test } from 'vitest';
import { createHeart, heartWord } from '../../src/actor/limits/heartbeat.ts';
import { watchLife } from '../../src/recorder/life-watch.ts';

interface Recorder {
  /** CPU that it gets in each second, in ms; undefined where nobody tells. */
  readonly cpuMs: number | undefined;
  readonly isReady?: boolean;
  /** Seconds in which it beats before it stands still. */
  readonly beats?: number;
}

/** Seconds of standstill after which it is given up; at most 100. */
async function secondsUntilGivenUp({ cpuMs, isReady = false, beats = 0 }: Recorder): Promise<number> {
  const clock = new ManualClock();
  const heart = createHeart();
  let second = 0;
  let isGivenUp = false;
  watchLife({
    clock,
    heart,
    thread: {
      cpuUsage: async () => {
        if (cpuMs === undefined) throw new Error('not told');
        return { user: second * cpuMs * 1_000, system: 0 };
      },
    },
    isReady: () => isReady,
    onStill: () => {
      isGivenUp = true;
    },
  });
  for (; !isGivenUp && second - beats < 100; second += 1) {
    if (second < beats) Atomics.add(heart, heartWord.beats, 1);
    clock.advance(1_000);
    // The answer is there in a turn.
    await new Promise(setImmediate);
  }
  return second - beats;
}

test.each<[string, Recorder, from: number, to: number]>([
  ['that starts and gets a sixteenth of a core', { cpuMs: 60 }, 60, 61],
  ['that starts, has beaten and gets a sixteenth of a core', { cpuMs: 60, beats: 20 }, 60, 61],
  ['that starts and sleeps', { cpuMs: 0, beats: 1 }, 60, 61],
  ['that starts and computes for ever', { cpuMs: 1_000 }, 11, 12],
  ['that starts and computes for ever, with a third of a core', { cpuMs: 333 }, 31, 33],
  ['that starts, of whose CPU nothing is told', { cpuMs: undefined }, 60, 61],
  ['that is ready', { cpuMs: 0, isReady: true, beats: 30 }, 10, 11],
])('a recorder %s is given up in its time', async (_, recorder, from, to) => {
  const seconds = await secondsUntilGivenUp(recorder);
  expect(seconds).toBeGreaterThanOrEqual(from);
  expect(seconds).toBeLessThanOrEqual(to);
});

test('after the undo nobody looks any more', () => {
  const clock = new ManualClock();
  const thread = { cpuUsage: async () => ({ user: 0, system: 0 }) };
  const undo = watchLife({
    clock,
    heart: createHeart(),
    thread,
    isReady: () => false,
    onStill: () => expect.fail(),
  });
  undo();
  expect(clock.pending).toBe(0);
});
