import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Stall } from '../../src/recorder/context.ts';
import {
  BEAT_MS,
  BLOCKED_MS,
  createSharedMemory,
  type Heartbeat,
  IDLE_BEAT_MS,
  type LateBeat,
  openHeartbeat,
  readNumber,
  slot,
} from '../../src/recorder/heartbeat.ts';
import { createOwnPauses } from '../../src/recorder/instruments/own-pause.ts';
import { createLocator } from '../../src/recorder/instruments/source-map.ts';
import { monotonicMs, toWallMs } from '../../src/recorder/monotonic.ts';
import { startProbes } from '../../src/recorder/on-main/probes.ts';
import { createStallWatch } from '../../src/recorder/stalls/stall-watch.ts';
import { startLab } from './lab.ts';

const turn = setImmediate;
const eventually = async (is: () => boolean): Promise<void> => {
  while (!is()) await new Promise((resolve) => turn(resolve));
};

test('the beat goes on under fake timers, and stops with the probes', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const shared = createSharedMemory();
  const heartbeat = openHeartbeat(shared);
  const stop = startProbes(shared, () => undefined);
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

test('what is done each second comes with a beat, so that it wakes main no more', async () => {
  const heartbeat = { shared: createSharedMemory(), seconds: [] as number[] };
  const view = openHeartbeat(heartbeat.shared);
  const onSecond = (): void => void heartbeat.seconds.push(readNumber(view, 'beatAt'));
  onTestFinished(startProbes(heartbeat.shared, () => undefined, onSecond));
  await vi.waitUntil(() => heartbeat.seconds.length >= 2, { timeout: 10_000 });
  const [first = 0, second = 0] = heartbeat.seconds;
  expect(second - first).toBeGreaterThan(900);
});

interface RestingMain {
  readonly heartbeat: Heartbeat;
  /** Resolves when main beats at that interval. */
  paced(ms: number): Promise<unknown>;
}

async function restingMain(): Promise<RestingMain> {
  const shared = createSharedMemory();
  const heartbeat = openHeartbeat(shared);
  onTestFinished(startProbes(shared, () => undefined));
  // A loop that spins is not idle.
  const paced = (ms: number): Promise<unknown> =>
    vi.waitUntil(() => readNumber(heartbeat, 'beatEvery') === ms, { timeout: 35_000, interval: 20 });
  await paced(IDLE_BEAT_MS);
  return { heartbeat, paced };
}

test('an idle main beats slowly, and fast again as soon as its loop has something to do', {
  timeout: 40_000,
}, async () => {
  const { paced } = await restingMain();
  const reads = Array.from({ length: 50 }, () => readFile(import.meta.filename));
  await paced(BEAT_MS);
  await Promise.all(reads);
});

test('a main at rest beats fast when the recorder says that it was blocked', {
  timeout: 40_000,
}, async () => {
  const { heartbeat, paced } = await restingMain();
  heartbeat.numbers[slot.blockedAt] = monotonicMs();
  await paced(BEAT_MS);
});

test('the recorder says so of a late beat that no lack of a core explains', () => {
  const heartbeat = openHeartbeat(createSharedMemory());
  const watch = createStallWatch({
    heartbeat,
    session: undefined,
    locator: createLocator(),
    profile: undefined,
    pauses: createOwnPauses(),
    onBegun: () => undefined,
  });
  onTestFinished(watch.stop.bind(watch));
  const now = monotonicMs();
  heartbeat.numbers[slot.beatAt] = now;
  watch.awake();
  expect(readNumber(heartbeat, 'blockedAt')).toBe(0);
  watch.awake({ beatAt: now - 900, dueAt: now - 400, cameAt: now });
  expect(readNumber(heartbeat, 'blockedAt')).toBeGreaterThanOrEqual(now);
  expect(watch.stalls.newest()).toHaveLength(1);
});

test('a request wakes a main at rest before the app sees it, and the beat is slow again soon after', {
  timeout: 80_000,
}, async () => {
  const shared = createSharedMemory();
  const heartbeat = openHeartbeat(shared);
  const paced = (ms: number): Promise<unknown> =>
    vi.waitUntil(() => readNumber(heartbeat, 'beatEvery') === ms, { timeout: 35_000, interval: 20 });
  const onWake = vi.fn();
  const seen: { readonly every: number; readonly agoMs: number; readonly wakes: number }[] = [];
  const server = createServer((_, response) => {
    const agoMs = monotonicMs() - readNumber(heartbeat, 'beatAt');
    seen.push({ every: readNumber(heartbeat, 'beatEvery'), agoMs, wakes: onWake.mock.calls.length });
    response.end();
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const request = () => fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  // What is loaded for the first one would count as a block.
  await request();
  onTestFinished(startProbes(shared, onWake));
  await paced(IDLE_BEAT_MS);
  await request();
  expect(seen.at(-1)).toMatchObject({ every: BEAT_MS, wakes: 1 });
  expect(seen.at(-1)?.agoMs).toBeLessThan(BLOCKED_MS);
  await paced(IDLE_BEAT_MS);
  expect(onWake).toHaveBeenCalledTimes(1);
});

test('a main at rest that computes between two beats, neither of which is late, was blocked all the same', {
  timeout: 80_000,
}, async () => {
  const shared = createSharedMemory();
  const heartbeat = openHeartbeat(shared);
  const onWake = vi.fn<(late?: LateBeat) => void>();
  onTestFinished(startProbes(shared, onWake));
  const until = (is: () => boolean): Promise<unknown> => vi.waitUntil(is, { timeout: 35_000, interval: 5 });
  await until(() => readNumber(heartbeat, 'beatEvery') === IDLE_BEAT_MS);
  const beatAt = readNumber(heartbeat, 'beatAt');
  await until(() => readNumber(heartbeat, 'beatAt') !== beatAt);
  const cpuUs = (): number => process.threadCpuUsage().user + process.threadCpuUsage().system;
  const end = cpuUs() + 320_000;
  while (cpuUs() < end);
  await until(() => onWake.mock.calls.length > 0);
  const [late] = onWake.mock.calls.at(-1) ?? [];
  expect(Number(late?.cameAt) - Number(late?.dueAt)).toBeGreaterThan(BLOCKED_MS);
  expect(readNumber(heartbeat, 'beatEvery')).toBe(BEAT_MS);
});

test('a block of a main that was idle is told no longer than it was', { timeout: 40_000 }, async () => {
  const lab = await startLab();
  await lab.until<object[]>('vitals', ({ length }) => length >= 8);
  const stoodMs = await lab.main<number>('standStill', 400);
  const [stall] = await lab.until<Stall[]>('stalls', ({ length }) => length > 0);
  expect(stall?.durationMs).toBeGreaterThan(300);
  expect(stall?.durationMs).toBeLessThan(stoodMs + 100);
});

test('a block between two looks at a main at rest is told after the fact, by whom the profile saw', {
  timeout: 60_000,
}, async () => {
  const lab = await startLab();
  await lab.until<object[]>('vitals', ({ length }) => length >= 8);
  // Begun just after a look, ended before the next one.
  await lab.until<object[]>('vitals', ({ length }) => length >= 9);
  await lab.main('standStill', 600);
  // On a busy machine main may have had to wait for a core since.
  const hasCulprit = ({ culprit }: Stall): boolean => culprit !== undefined;
  const stall = (await lab.until<Stall[]>('stalls', (all) => all.some(hasCulprit))).find(hasCulprit);
  expect(stall?.culprit).toMatchObject({ name: 'spin', file: expect.stringContaining('blocks.ts') });
  expect(stall?.durationMs).toBeGreaterThan(450);
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
