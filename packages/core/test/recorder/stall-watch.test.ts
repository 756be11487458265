// What is no block though main is silent: a process that stood still as a whole. Main is a heartbeat; this thread is
// that of the watch.
import { expect, onTestFinished, test, vi } from 'vitest';
import {
  BEAT_MS,
  createSharedMemory,
  IDLE_BEAT_MS,
  openHeartbeat,
  slot,
} from '../../src/recorder/heartbeat.ts';
import { createOwnPauses } from '../../src/recorder/instruments/own-pause.ts';
import { createLocator } from '../../src/recorder/instruments/source-map.ts';
import { monotonicMs } from '../../src/recorder/monotonic.ts';
import { createStallWatch } from '../../src/recorder/stalls/stall-watch.ts';

/** The last beat is now, and the watch has looked at it. */
function watched(beatEvery: number) {
  const { numbers, ...heartbeat } = openHeartbeat(createSharedMemory());
  const beatAt = monotonicMs();
  numbers[slot.beatAt] = beatAt;
  numbers[slot.beatEvery] = beatEvery;
  const pauses = createOwnPauses();
  const watch = createStallWatch({
    heartbeat: { numbers, ...heartbeat },
    session: undefined,
    locator: createLocator(),
    profile: undefined,
    pauses,
    onBegun: () => undefined,
  });
  onTestFinished(() => watch.stop());
  watch.awake();
  return { watch, beatAt, pauses };
}

/** As SIGSTOP does it: nothing runs. */
const standStill = (ms: number): void =>
  void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

const compute = (ms: number): void => {
  const until = monotonicMs() + ms;
  while (monotonicMs() < until);
};

test('a process that was stopped while main was at rest has had no block', () => {
  const { watch, beatAt } = watched(IDLE_BEAT_MS);
  standStill(1_700);
  watch.awake({ beatAt, dueAt: beatAt + IDLE_BEAT_MS, cameAt: monotonicMs() });
  expect(watch.stalls.newest()).toEqual([]);
});

test('while the process computes it is not stopped, however late the watch is itself', () => {
  const { watch, beatAt } = watched(IDLE_BEAT_MS);
  compute(1_700);
  watch.awake({ beatAt, dueAt: beatAt + IDLE_BEAT_MS, cameAt: monotonicMs() });
  expect(watch.stalls.newest()).toHaveLength(1);
});

test('what blocks main when the process goes on has begun then', async () => {
  const { watch } = watched(BEAT_MS);
  standStill(1_000);
  const resumedAt = monotonicMs();
  await vi.waitUntil(() => watch.current() !== undefined, { interval: 5 });
  expect(watch.current()?.durationMs).toBeLessThan(monotonicMs() - resumedAt + 10);
});

test('a block that served us in between is told from its beginning', async () => {
  const { watch, beatAt, pauses } = watched(BEAT_MS);
  await pauses.run(() => vi.waitUntil(() => monotonicMs() > beatAt + 150, { interval: 5 }));
  await vi.waitUntil(() => watch.current() !== undefined, { interval: 5 });
  expect(watch.current()?.durationMs).toBeGreaterThan(150);
});
