import { expect, test } from 'vitest';
import type { Clock } from '../../src/actor/clock.ts';
import { fail } from '../../src/errors.ts';
import { type Model, type ModelRequest, type ModelResponse, noUsage } from '../../src/llm/model.ts';
import { type FailedAttempt, withAttempts } from '../../src/llm/retry.ts';

const request: ModelRequest = { system: '', messages: [], tools: [] };
const response: ModelResponse = { text: 'ok', toolCalls: [], stopReason: 'end', usage: noUsage };
const overloaded = (): Error => fail('model_overloaded', { model: 'm', reason: '529' });
const limited = (retryAfterMs: number): Error =>
  fail('model_rate_limited', { model: 'm', reason: '429', retryAfterMs });

/** Time that passes as soon as somebody waits for it. */
function rushingClock(): Clock & { readonly waits: number[] } {
  const waits: number[] = [];
  const after: Clock['after'] = (ms, run) => {
    waits.push(ms);
    queueMicrotask(run);
    return () => undefined;
  };
  return { waits, after, now: () => 0, every: () => () => undefined };
}

function failing(errors: unknown[]): Model & { calls: number } {
  return {
    name: 'm',
    calls: 0,
    async generate() {
      this.calls += 1;
      const error = errors.shift();
      if (error !== undefined) throw error;
      return response;
    },
  };
}

interface Row {
  readonly what: string;
  readonly errors: unknown[];
  readonly calls: number;
  readonly waits: number[];
  readonly ends: string;
}

const rows: Row[] = [
  { what: 'no failure', errors: [], calls: 1, waits: [], ends: 'ok' },
  { what: 'one that may pass', errors: [overloaded()], calls: 2, waits: [1_000], ends: 'ok' },
  {
    what: 'two that may pass',
    errors: [overloaded(), overloaded()],
    calls: 3,
    waits: [1_000, 2_000],
    ends: 'ok',
  },
  {
    what: 'three that may pass',
    errors: [overloaded(), overloaded(), overloaded()],
    calls: 3,
    waits: [1_000, 2_000],
    ends: 'model_overloaded',
  },
  {
    what: 'one that stays',
    errors: [fail('model_failed', { model: 'm', reason: '400' })],
    calls: 1,
    waits: [],
    ends: 'model_failed',
  },
  {
    what: 'one that asks for a wait',
    errors: [limited(20_000), limited(1)],
    calls: 3,
    waits: [20_000, 2_000],
    ends: 'ok',
  },
  {
    what: 'one that asks for a wait of more than a minute',
    errors: [limited(60_001)],
    calls: 1,
    waits: [],
    ends: 'model_rate_limited',
  },
  { what: 'a foreign error', errors: [new TypeError('boom')], calls: 1, waits: [], ends: 'model_failed' },
];

test.each(rows)(
  '$what: $calls calls, waits $waits, ends with $ends',
  async ({ errors, calls, waits, ends }) => {
    const clock = rushingClock();
    const model = failing([...errors]);
    const told: FailedAttempt[] = [];
    const tried = withAttempts(model, { attempts: 3, clock, onFailure: (failure) => told.push(failure) });
    const outcome = await tried.generate(request, { signal: new AbortController().signal }).then(
      ({ text }) => text,
      ({ code }) => code,
    );
    expect([outcome, model.calls, clock.waits]).toEqual([ends, calls, waits]);
    expect(told.map(({ willRetry }) => willRetry)).toEqual(errors.map((_, index) => index < waits.length));
  },
);

test('an abort between two attempts ends the wait and is not a failure', async () => {
  const controller = new AbortController();
  let stopped = 0;
  const stop = (): void => {
    stopped += 1;
  };
  const clock: Clock = { now: () => 0, every: () => () => undefined, after: () => stop };
  const told: FailedAttempt[] = [];
  const tried = withAttempts(failing([overloaded()]), {
    attempts: 3,
    clock,
    onFailure: (failure) => {
      told.push(failure);
      queueMicrotask(() => controller.abort(fail('run_deadline_exceeded', { timeoutMs: 5 })));
    },
  });
  await expect(tried.generate(request, { signal: controller.signal })).rejects.toMatchObject({
    code: 'run_deadline_exceeded',
  });
  expect([told.length, stopped]).toEqual([1, 1]);
});

test('an abort during the call is not retried', async () => {
  const controller = new AbortController();
  const model: Model = {
    name: 'm',
    generate: async () => {
      controller.abort();
      throw overloaded();
    },
  };
  const tried = withAttempts(model, {
    attempts: 3,
    clock: rushingClock(),
    onFailure: () => expect.unreachable(),
  });
  await expect(tried.generate(request, { signal: controller.signal })).rejects.toMatchObject({
    code: 'run_cancelled',
  });
});
