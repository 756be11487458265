import { expect, test } from 'vitest';
import type { ThreadDeeds } from '../../src/supervision/kernel.ts';
import { type SilentThreads, watchSilentThreads } from '../../src/supervision/silent-threads.ts';

interface Machine {
  readonly silent: SilentThreads;
  /** A second later, after so much of it. */
  after(ms: number, deeds: Partial<ThreadDeeds>): ReturnType<SilentThreads['now']>;
}

function machine(): Machine {
  let atMs = 0;
  let thread: ThreadDeeds = { tid: 7, name: 'planner-1', ranMs: 900, wantedMs: 900, reads: 40, writes: 30 };
  const kernel = { deeds: () => [thread] } as unknown as Parameters<typeof watchSilentThreads>[0];
  const silent = watchSilentThreads(
    kernel,
    () => true,
    { everySecond: () => undefined },
    () => atMs,
  );
  silent.now();
  return {
    silent,
    after(ms, deeds) {
      atMs += ms;
      const { ranMs, wantedMs } = thread;
      thread = { ...thread, ranMs: ranMs + ms, wantedMs: wantedMs + ms, ...deeds };
      return silent.now();
    },
  };
}

test('a thread that computes without a sign is told, and what it did before', () => {
  const { after } = machine();
  after(1_000, { reads: 41, writes: 31 });
  expect(after(3_000, {})).toMatchObject([
    { tid: 7, name: 'planner-1', forMs: 3_000, cpuMs: 3_000, writesBefore: 30, cpuBeforeMs: 900 },
  ]);
  expect(after(3_000, {})).toMatchObject([{ forMs: 6_000, agoMs: 6_000 }]);
});

test('of one that was not seen before, all that it has done is what was before', () => {
  expect(machine().after(3_000, {})).toMatchObject([{ forMs: 3_000, writesBefore: 30, cpuBeforeMs: 900 }]);
});

test('one that takes something, or waits for something, is not silent', () => {
  expect(machine().after(5_000, { reads: 41 })).toEqual([]);
  expect(machine().after(5_000, { ranMs: 1_900, wantedMs: 1_900 })).toEqual([]);
});

test('a stray write is no sign, but two are', () => {
  const { after } = machine();
  after(3_000, {});
  expect(after(3_000, { writes: 31 })).toMatchObject([{ forMs: 6_000 }]);
  expect(after(3_000, { writes: 32 })).toMatchObject([{ forMs: 6_000, agoMs: 9_000 }]);
  const answering = machine().after;
  for (let writes = 31; writes < 40; writes += 1) {
    for (const { forMs } of answering(1_000, { writes })) expect(forMs).toBeLessThan(2_000);
  }
});

test('that it waits for a core makes no difference', () => {
  expect(machine().after(5_000, { ranMs: 2_900 })).toMatchObject([{ forMs: 5_000, cpuMs: 2_000 }]);
});

test('its answers to our own questions leave the silence before them, for a while', () => {
  const { after } = machine();
  after(1_000, { reads: 41, writes: 31 });
  after(5_000, {});
  expect(after(500, { writes: 33 })).toMatchObject([{ forMs: 5_000, agoMs: 5_500, reads: 41 }]);
  expect(after(500, { writes: 35 })).toMatchObject([{ forMs: 5_000 }]);
  expect(after(6_500, { writes: 37 })).toEqual([]);
  expect(after(6_000, {})).toMatchObject([{ forMs: 6_000, writesBefore: 30 }]);
});

test('a number that was given to another thread begins anew', () => {
  expect(machine().after(5_000, { name: 'planner-2' })).toEqual([]);
  expect(machine().after(5_000, { ranMs: 10 })).toEqual([]);
});
