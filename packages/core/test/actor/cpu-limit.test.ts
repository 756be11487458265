// What becomes of threads that take too much CPU: the decisions as a table, and real threads on a clock of our own.
import { getPriority } from 'node:os';
import { ManualClock } from '@nodelens/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ActorHost, type ActorStage } from '../../src/actor/hosts/actor-host.ts';
import { PoolStage } from '../../src/actor/hosts/pool-host.ts';
import { ThreadStage } from '../../src/actor/hosts/thread-host.ts';
import { cpuRules, limitCpu, restMsOf } from '../../src/actor/limits/cpu-limit.ts';
import { BEAT_EVERY_MS, createHeart, heartWord } from '../../src/actor/limits/heartbeat.ts';
import { cpuMsOf } from '../../src/actor/limits/kernel-thread.ts';
import type { ActorRef } from '../../src/actor/messages/ref.ts';
import { fixture, talkerSpec } from './fixtures/specs.ts';

const { windowMs, doomedAfter } = cpuRules;

function judge(shares: readonly number[], overMs: number = windowMs): { rests: boolean; doomed: boolean } {
  const heart = createHeart();
  const onDoomed = vi.fn();
  const look = limitCpu(heart, { maxShare: 0.5, heartbeatTimeoutMs: 5_000, onDoomed });
  for (const share of shares) look(share, overMs);
  return { rests: (heart[heartWord.restMs] ?? 0) > 0, doomed: onDoomed.mock.calls.length > 0 };
}

const hotFor = (looks: number): number[] => new Array<number>(looks).fill(0.9);

test.each([
  ['at its share', [0.5, 0.5, 0.5], { rests: false, doomed: false }],
  ['once above it', [0.6], { rests: true, doomed: false }],
  ['slowed, and at its share because of that', [0.9, 0.25, 0.25], { rests: true, doomed: false }],
  ['slowed, then calm', [0.9, 0.25, 0.1], { rests: false, doomed: false }],
  ['calm, then above it again', [0.9, 0.1, 0.6], { rests: true, doomed: false }],
  ['above it in spite of all', hotFor(1 + doomedAfter), { rests: true, doomed: true }],
  ['nearly so', hotFor(doomedAfter), { rests: true, doomed: false }],
  ['above it with a break', [...hotFor(doomedAfter), 0.4, ...hotFor(1)], { rests: true, doomed: false }],
])('a thread that is %s', (_, shares, expected) => {
  expect(judge(shares)).toEqual(expected);
});

test('a burst is not judged', () => {
  expect(judge(hotFor(20), windowMs - 1)).toEqual({ rests: false, doomed: false });
});

test('resting alone keeps a loop above calm and below its share, and never looks like death', () => {
  expect(1 - restMsOf({ maxShare: 0.5, heartbeatTimeoutMs: 5_000 }) / 250).toBeCloseTo(0.25, 1);
  expect(restMsOf({ maxShare: 0.5, heartbeatTimeoutMs: 400 })).toBe(100);
  expect(restMsOf({ maxShare: 2, heartbeatTimeoutMs: 5_000 })).toBe(0);
});

interface Life {
  readonly cpuMs: number;
  readonly atMs: number;
  readonly nice: number;
  readonly tid: number;
}

/** 60 ms of CPU in three seconds: soon reached on any machine. */
const MAX_SHARE = 0.02;
const OVER_MS = 80;

function lab(stage: (clock: ManualClock) => ActorStage) {
  const clock = new ManualClock();
  // Only the stage is on this clock: starts and stops take their own time.
  const host = new ActorHost(stage(clock));
  onTestFinished(() => host.close());
  const start = (pieceMs: number): Promise<ActorRef> =>
    host.start(
      talkerSpec({
        id: `hot-${pieceMs}`,
        module: fixture('hot'),
        exportName: 'createHot',
        input: { pieceMs },
        placement: 'pool',
        maxCpuShare: MAX_SHARE,
        // Beats are counted in looks, and these come faster than the clock says.
        heartbeatTimeoutMs: 600_000,
      }),
    );
  /** The host looks after another second. */
  const look = async (): Promise<void> => {
    clock.advance(1_000);
    await new Promise(setImmediate);
  };
  return { host, start, look };
}

const life = async (actor: ActorRef, told = 'how are you?'): Promise<Life> =>
  (await actor.ask(told, { timeoutMs: 30_000 })) as unknown as Life;

/** Until it has taken so much more CPU, or is gone. */
async function burnt(tid: number, ms: number): Promise<void> {
  const until = (cpuMsOf(tid) ?? 0) + ms;
  await vi.waitUntil(() => (cpuMsOf(tid) ?? until) >= until, { timeout: 20_000, interval: 5 });
}

async function heatUntilSlowed(actor: ActorRef, look: () => Promise<void>): Promise<number> {
  const { tid } = await life(actor, 'go');
  await look();
  await burnt(tid, OVER_MS);
  for (let looks = 0; looks < 3; looks += 1) await look();
  await vi.waitUntil(async () => (await life(actor)).nice > getPriority(), { timeout: 20_000, interval: 5 });
  return tid;
}

test('a hot asynchronous loop is slowed, and lives', async () => {
  const { start, look } = lab((clock) => new ThreadStage(clock));
  const actor = await start(1);
  const tid = await heatUntilSlowed(actor, look);
  const before = await life(actor);
  await burnt(tid, 10);
  const after = await life(actor);
  expect((after.cpuMs - before.cpuMs) / (after.atMs - before.atMs)).toBeLessThan(0.5);
});

test('a loop that hardly listens is killed when slowing it does not help', async () => {
  const { start, look } = lab((clock) => new ThreadStage(clock));
  const actor = await start(OVER_MS);
  const tid = await heatUntilSlowed(actor, look);
  // One of its pieces keeps it above its share for three looks.
  for (let looks = 0; looks < doomedAfter; looks += 1) {
    if (looks % 3 === 0) await burnt(tid, OVER_MS);
    await look();
  }
  expect(await actor.exited).toEqual({ kind: 'killed', why: 'cpu-limit' });
});

test('a run with a burst of CPU is not touched', async () => {
  const { start, look } = lab((clock) => new ThreadStage(clock));
  const actor = await start(OVER_MS / 2);
  await look();
  await life(actor, 'go');
  await life(actor, 'calm');
  for (let looks = 0; looks < 6; looks += 1) await look();
  expect((await life(actor)).nice).toBe(getPriority());
});

test('a pooled thread that was slowed is not slow for the next actor', async () => {
  const { host, start, look } = lab((clock) => new PoolStage({ maxThreads: 1 }, { clock }));
  const hot = await start(1);
  await heatUntilSlowed(hot, look);
  await host.stop(hot);
  expect((await life(await start(1))).nice).toBe(getPriority());
});

test.runIf(process.platform === 'linux')('one that cannot rest, for it stands still, gives way', async () => {
  const clock = new ManualClock();
  const host = new ActorHost(new ThreadStage(clock));
  onTestFinished(() => host.close());
  const hot = talkerSpec({ module: fixture('hot'), exportName: 'createHot', input: { pieceMs: 600_000 } });
  const actor = await host.start({ ...hot, heartbeatTimeoutMs: 60_000 });
  const { tid, nice } = await life(actor, 'go');
  await burnt(tid, 1);
  await vi.waitUntil(
    () => {
      clock.advance(BEAT_EVERY_MS);
      return getPriority(tid) > nice;
    },
    { timeout: 20_000, interval: 5 },
  );
  await host.kill(actor);
});
