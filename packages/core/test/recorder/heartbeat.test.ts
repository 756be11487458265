import { expect, onTestFinished, test, vi } from 'vitest';
import { createSharedMemory, openHeartbeat, readNumber } from '../../src/recorder/heartbeat.ts';
import { monotonicMs, toWallMs } from '../../src/recorder/monotonic.ts';
import { startProbes } from '../../src/recorder/probes.ts';

const turn = setImmediate;
const eventually = async (is: () => boolean): Promise<void> => {
  while (!is()) await new Promise((resolve) => turn(resolve));
};

test('the beat goes on under fake timers, and stops with the probes', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const shared = createSharedMemory();
  const heartbeat = openHeartbeat(shared);
  const stop = startProbes(shared);
  const first = readNumber(heartbeat, 'beatAt');
  expect(Math.abs(first - monotonicMs())).toBeLessThan(1_000);
  expect(readNumber(heartbeat, 'heapUsed')).toBeGreaterThan(1_000_000);
  await eventually(() => heartbeat.delays.count >= 3);
  expect(readNumber(heartbeat, 'beatAt')).toBeGreaterThan(first);
  stop();
  const last = readNumber(heartbeat, 'beatAt');
  const until = monotonicMs() + 60;
  await eventually(() => monotonicMs() > until);
  expect(readNumber(heartbeat, 'beatAt')).toBe(last);
});

test('collections reach another view of the same memory, oldest first', () => {
  const shared = createSharedMemory();
  const writer = openHeartbeat(shared);
  const reader = openHeartbeat(shared);
  for (let at = 1; at <= 3; at++) writer.pushGc({ at, kind: 4, durationMs: at / 10, flags: 0 });
  expect(reader.gcCount()).toBe(3);
  expect(reader.gcSince(1).map(({ at }) => at)).toEqual([2, 3]);
  expect(reader.gcSince(3)).toEqual([]);
});

test('a reader that is too slow gets what is still there, without torn records', () => {
  const heartbeat = openHeartbeat(createSharedMemory());
  for (let at = 1; at <= 1_300; at++) heartbeat.pushGc({ at, kind: 1, durationMs: at, flags: 0 });
  const events = heartbeat.gcSince(0);
  expect(events.at(-1)?.at).toBe(1_300);
  expect(events.length).toBeGreaterThan(500);
  for (const { at, durationMs } of events) expect(durationMs).toBe(at);
});

test('monotonic times translate to the wall clock', () => {
  expect(Math.abs(toWallMs(monotonicMs() - 5_000) - (Date.now() - 5_000))).toBeLessThan(50);
});
