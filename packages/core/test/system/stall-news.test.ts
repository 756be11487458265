// What blocked main is told once, with its name, whenever it was seen. The watch is the real one; main is a heartbeat.
import { expect, onTestFinished, test, vi } from 'vitest';
import type { RecorderContext } from '../../src/recorder/context.ts';
import { BEAT_MS, createSharedMemory, openHeartbeat, slot } from '../../src/recorder/heartbeat.ts';
import { createOwnPauses } from '../../src/recorder/instruments/own-pause.ts';
import { createLocator } from '../../src/recorder/instruments/source-map.ts';
import { monotonicMs } from '../../src/recorder/monotonic.ts';
import type { RecorderParts } from '../../src/recorder/run-recorder.ts';
import { createStallWatch } from '../../src/recorder/stalls/stall-watch.ts';
import { stallNews } from '../../src/system/stall-news.ts';
import type { LensEvent } from '../../src/telemetry/events.ts';

function lab() {
  const heartbeat = openHeartbeat(createSharedMemory());
  const { numbers } = heartbeat;
  const beat = (): void => {
    numbers[slot.beatAt] = monotonicMs();
  };
  numbers[slot.beatEvery] = BEAT_MS;
  beat();
  let beating = setInterval(beat, BEAT_MS);
  const listeners: (() => void)[] = [];
  const watch = createStallWatch({
    heartbeat,
    session: undefined,
    locator: createLocator(),
    profile: undefined,
    pauses: createOwnPauses(),
    onBegun: () => listeners.forEach((listener) => void setImmediate(listener)),
  });
  const told: LensEvent[] = [];
  const context = {
    stalls: watch.stalls,
    currentStall: () => watch.current(),
    stallEnded: (maxWaitMs, signal) => watch.ended(maxWaitMs, signal),
    onStall: (listener) => void listeners.push(listener),
    now: () => Date.now(),
  } as Partial<RecorderContext> as RecorderContext;
  onTestFinished(() => {
    clearInterval(beating);
    watch.stop();
  });
  return {
    watch,
    told,
    listen: () =>
      onTestFinished(
        stallNews({ context, tell: (event) => void told.push(event) } as RecorderParts) as () => void,
      ),
    /** Main does not beat until the watch has seen it for so long. */
    async block(ms: number): Promise<void> {
      clearInterval(beating);
      await vi.waitUntil(() => (watch.current()?.durationMs ?? 0) >= ms, { interval: 5 });
      beat();
      beating = setInterval(beat, BEAT_MS);
      await vi.waitUntil(() => watch.current() === undefined, { interval: 5 });
    },
    async tells(count: number): Promise<void> {
      await vi.waitUntil(() => told.length >= count, { timeout: 4_000, interval: 5 });
    },
  };
}

const blocked = { type: 'main.stalled', durationMs: expect.any(Number) };

test('a block is told when it is over; one of less than 100 ms is not', async () => {
  const { listen, block, tells, told } = lab();
  listen();
  await block(60);
  await block(150);
  await tells(1);
  await block(250);
  await tells(2);
  expect(told).toMatchObject([blocked, blocked]);
  for (const event of told)
    expect(event).toHaveProperty(
      'durationMs',
      expect.toSatisfy((ms) => ms >= 100),
    );
});

test('a block that ended before anybody could listen is told, once', async () => {
  const { listen, block, tells, told } = lab();
  await block(150);
  listen();
  await tells(1);
  await block(250);
  await tells(2);
  const [first, second] = told as { readonly startedAtMs: number }[];
  expect(second?.startedAtMs).toBeGreaterThan(first?.startedAtMs ?? 0);
});

test('a block that nobody saw but main itself is told as well', async () => {
  const { listen, watch, tells, told } = lab();
  listen();
  const now = monotonicMs();
  watch.awake({ beatAt: now - 900, dueAt: now - 400, cameAt: now });
  await tells(1);
  expect(told).toMatchObject([{ ...blocked, durationMs: 400 }]);
});

test('blocks are told on after the wall clock was set back', async () => {
  const { listen, block, tells } = lab();
  listen();
  await block(150);
  await tells(1);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 });
  onTestFinished(() => void vi.useRealTimers());
  await block(150);
  await tells(2);
});
