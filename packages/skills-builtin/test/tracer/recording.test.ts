import { readFile } from 'node:fs/promises';
import { getCallSites } from 'node:util';
import { expect, test, vi } from 'vitest';
import type { TraceOptions } from '../../src/tracer/protocol.ts';
import { type RunningRecording, startRecording } from '../../src/tracer/recording.ts';

function start(options: Partial<TraceOptions> = {}, onNews: () => void = () => {}): RunningRecording {
  const scriptId = getCallSites(1, { sourceMap: false })[0]?.scriptId ?? '';
  const from = { line: 1, column: 1 };
  const whole = { scriptId, from, to: { line: 10_000, column: 1 }, maxCalls: 10, maxMs: 10_000 };
  return startRecording({ ...whole, timing: 'return', ...options }, onNews);
}

function traced(recording: RunningRecording, ...args: unknown[]): void {
  expect(recording.enter(args)).toBe(false);
  expect(recording.leave()).toBe(false);
}

function caller(recording: RunningRecording): void {
  traced(recording, 'a text', 1);
}

test('calls, shapes and callers are counted together', () => {
  const recording = start();
  for (let at = 0; at < 2; at += 1) caller(recording);
  expect(recording.end()).toMatchObject({
    calls: 2,
    limit: null,
    open: 0,
    durations: [expect.any(Number), expect.any(Number)],
    shapes: [{ arguments: '(string(5..8), number)', calls: 2 }],
    callers: [{ calls: 2, frames: expect.arrayContaining([expect.objectContaining({ name: 'caller' })]) }],
    errors: [],
    failures: 0,
  });
});

test.each([
  ['calls', { maxCalls: 3 }, 3],
  ['time', { maxMs: -1 }, 0],
  ['rate', { maxCalls: 10_000 }, expect.toSatisfy((calls: number) => calls >= 100 && calls < 4_000)],
] as const)('it ends by itself at the limit of %s, and says so once', (limit, options, calls) => {
  const onNews = vi.fn();
  const recording = start(options, onNews);
  for (let at = 0; at < 5_000; at += 1) traced(recording);
  expect(recording.end()).toMatchObject({ limit, calls, open: 0, errors: [] });
  expect(onNews).toHaveBeenCalledOnce();
});

test('different shapes and callers are bounded, and what is more is counted', () => {
  const recording = start({ maxCalls: 40 });
  for (let at = 0; at < 40; at += 1) traced(recording, { [`key${at}`]: 1 });
  const { shapes, otherShapes } = recording.end();
  expect(shapes).toHaveLength(20);
  expect(otherShapes).toBe(20);
});

test('arguments that cannot be read are counted, and nothing reaches the app', () => {
  const recording = start();
  const hostile = new Proxy([], {
    get() {
      throw new Error('from the app');
    },
  });
  expect(recording.enter(hostile)).toBe(false);
  expect(recording.end().failures).toBe(1);
});

test('a call of an async function lasts until its promise settles, also by way of another', async () => {
  const recording = start({ timing: 'promise' });
  const gate = Promise.withResolvers<void>();
  const wait = async (fails: boolean): Promise<void> => {
    await gate.promise;
    if (fails) throw new RangeError('a secret');
  };
  const follow = async (fails: boolean): Promise<void> => {
    recording.enter([fails]);
    return wait(fails);
  };
  const calledMs = performance.now();
  const calls = [follow(false), follow(true)];
  const waitingMs = performance.now();
  await readFile(import.meta.filename);
  const openedMs = performance.now();
  gate.resolve();
  await Promise.allSettled(calls);
  const settledMs = performance.now();
  const unfinished = follow(false);
  const recorded = recording.end();
  expect(recorded).toMatchObject({
    calls: 3,
    open: 1,
    errors: [{ name: 'RangeError', at: null, calls: 1 }],
  });
  expect(recorded.durations).toHaveLength(2);
  for (const durationMs of recorded.durations) {
    expect(durationMs).toBeGreaterThanOrEqual(openedMs - waitingMs);
    expect(durationMs).toBeLessThanOrEqual(settledMs - calledMs);
  }
  expect(JSON.stringify(recorded)).not.toContain('secret');
  await unfinished;
});
