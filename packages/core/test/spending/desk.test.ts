// The desk over real ports, as actors reach it.
import { setImmediate as turn } from 'node:timers/promises';
import { MessageChannel } from 'node:worker_threads';
import { ManualClock, scriptedModel, scriptedModelRef } from '@nodelens/testing';
import { expect, onTestFinished, test } from 'vitest';
import { KeptPorts } from '../../src/actor/hosts/kept-ports.ts';
import { openPort, type ServicePort } from '../../src/actor/hosts/services.ts';
import { metered } from '../../src/agent/meter.ts';
import { fail, isError } from '../../src/errors.ts';
import { loadModel } from '../../src/llm/load-model.ts';
import type { Model, ModelRequest } from '../../src/llm/model.ts';
import { notEmpty } from '../../src/llm/not-empty.ts';
import { fallback } from '../../src/llm/references.ts';
import { withAttempts } from '../../src/llm/retry.ts';
import { serveRpc } from '../../src/rpc.ts';
import type { BudgetOptions } from '../../src/spending/budget.ts';
import { BudgetGuard } from '../../src/spending/budget-guard.ts';
import { createModelDesk } from '../../src/spending/create-model-desk.ts';
import { connectModelDesk } from '../../src/spending/desk-client.ts';
import { deskedModel } from '../../src/spending/desked-model.ts';
import { createLedger } from '../../src/spending/ledger.ts';
import type { Caller, CallRequest } from '../../src/spending/model-desk.ts';
import type { Prices } from '../../src/spending/prices.ts';
import type { LensEvent } from '../../src/telemetry/events.ts';
import { usage } from '../operator/scripted.ts';

const start = Date.parse('2026-03-30T22:30:00Z');
const request: ModelRequest = { system: 's', messages: [], tools: [], maxOutputTokens: 10 };
const says = { text: 'hello', usage };
const prices: Prices = { mine: { input: 1_000, cachedInput: 100, output: 10_000 } };
const cost = (100 * 1_000 + 10 * 100 + 5 * 10_000) / 1_000_000;

interface Thread {
  readonly model: (model: Model, who?: Partial<Caller>) => Model;
  readonly startRun: (who?: Partial<Caller>) => Promise<void>;
  readonly close: () => void;
}

function createHouse(options: { budget?: BudgetOptions; concurrency?: number } = {}) {
  const clock = new ManualClock(start);
  const events: LensEvent[] = [];
  const tell = (event: LensEvent): void => void events.push(event);
  const ledger = createLedger({ now: () => clock.now() });
  const { budget = {} } = options;
  const guard = new BudgetGuard({ ledger, budget, prices, now: () => clock.now(), tell });
  const desk = createModelDesk({ guard, clock, tell, random: () => 0, ...options });
  const thread = (given?: ServicePort): Thread => {
    const client = connectModelDesk(given ?? openPort((_, port) => desk.connect(port), 'models'), clock);
    onTestFinished(() => client.close());
    const caller = (who: Partial<Caller> = {}): Caller => ({
      caller: 'runtime',
      investigationId: '00000000000000aa',
      runId: 'run-1',
      ...who,
    });
    return {
      model: (model, who) => deskedModel(model, { desk: client, clock, caller: () => caller(who) }),
      startRun: (who) => client.startRun({ ...caller(who), model: 'mine' }),
      close: () => client.close(),
    };
  };
  /** A pooled thread: one actor after the other, on the port that it keeps. */
  const pooled = (): (() => Thread) => {
    const kept = new KeptPorts((_, port) => {
      desk.connect(port);
      onTestFinished(() => port.close());
    });
    return () => {
      const { ports, close } = kept.portsOf(['models'], {});
      const { close: closeClient, ...rest } = thread(ports.models);
      const closeAll = (): void => {
        closeClient();
        close();
      };
      return { ...rest, close: closeAll };
    };
  };
  return { clock, events, ledger, guard, thread, pooled };
}

const ask = (model: Model, signal = new AbortController().signal) => model.generate(request, { signal });
const codeOf = (asked: Promise<unknown>): Promise<string | undefined> =>
  asked.then(
    () => undefined,
    (error: unknown) => (isError(error) ? error.code : String(error)),
  );
const typesOf = (events: readonly LensEvent[]): string[] => events.map(({ type }) => type);

/** A model whose answers come when they are let go. */
function slow(name = 'mine'): { model: Model; begun: () => number; answer: () => void } {
  const waiting: (() => void)[] = [];
  let begun = 0;
  const model: Model = {
    name,
    generate: (_, { signal }) => {
      begun += 1;
      const { promise, resolve, reject } = Promise.withResolvers<never>();
      waiting.push(() => resolve({ ...says, toolCalls: [], stopReason: 'end' } as never));
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      return promise;
    },
  };
  return { model, begun: () => begun, answer: () => waiting.shift()?.() };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await turn();
}

test('a call is told with its tokens, cost and time; an unknown price is no price', async () => {
  const { events, guard, thread } = createHouse();
  const { model } = thread();
  const answer = await ask(model(scriptedModel([says], 'mine')));
  expect(answer.usage.costUsd).toBeCloseTo(cost, 9);
  const unknown = await ask(model(scriptedModel([says], 'nobody-knows')));
  expect(unknown.usage).not.toHaveProperty('costUsd');
  const leaking = fail('model_unavailable', { model: 'mine', reason: 'authorization: Bearer s3cr3t-k3y' });
  await codeOf(ask(model(scriptedModel([() => Promise.reject(leaking)], 'mine'))));
  await until(() => events.length === 3);
  const called = { type: 'model.called', caller: 'runtime', investigationId: '00000000000000aa' };
  expect(events).toEqual([
    { ...called, model: 'mine', ...usage, costUsd: answer.usage.costUsd, durationMs: 0, startedAtMs: start },
    { ...called, model: 'nobody-knows', ...usage, durationMs: 0, startedAtMs: start },
    expect.objectContaining({ model: 'mine', error: expect.objectContaining({ code: 'model_unavailable' }) }),
  ]);
  expect(JSON.stringify(events)).not.toContain('s3cr3t');
  expect(guard.report()).toMatchObject({
    total: { calls: 3, failedCalls: 1, unpricedCalls: 1, costUsd: answer.usage.costUsd },
    byModel: { mine: { calls: 2, failedCalls: 1 }, 'nobody-knows': { calls: 1 } },
    byDay: [{ day: '2026-03-30', calls: 3 }],
  });
  expect(guard.report().byModel['nobody-knows']).not.toHaveProperty('costUsd');
});

test('an answer with nothing in it is paid for: by the run, and out of the budget', async () => {
  const { events, guard, thread } = createHouse({ budget: { total: { day: { tokens: 1 } } } });
  const nothing = { text: '', toolCalls: [], stopReason: 'end' as const, usage };
  const model = metered(thread().model({ name: 'mine', generate: async () => notEmpty(nothing, 'mine') }));
  expect((await ask(model)).text).toBe('');
  expect(model.used()).toEqual({ ...usage, calls: 1, costUsd: expect.closeTo(cost, 9) });
  expect(guard.report().byModel.mine).toMatchObject({ ...usage, calls: 1, failedCalls: 1 });
  expect(await codeOf(ask(model))).toBe('budget_exceeded');
  expect(events[0]).toMatchObject({ ...usage, error: { code: 'model_response_empty' } });
});

test('triage takes no place and no circuit, is counted, and costs nothing', async () => {
  const { events, guard, thread } = createHouse({
    concurrency: 1,
    budget: { total: { day: { tokens: 1 } } },
  });
  const { model } = thread();
  await ask(model(scriptedModel([says], 'mine')));
  expect((await ask(model(scriptedModel([{ text: 'calm' }], 'triage')))).usage.costUsd).toBe(0);
  await until(() => events.length === 2);
  expect(typesOf(events)).toEqual(['model.called', 'model.called']);
  expect(guard.report().byModel.triage).toMatchObject({ calls: 1, costUsd: 0, unpricedCalls: 0 });
});

const TOKENS = 115;
test.each<{ name: string; budget: BudgetOptions; calls: number; free?: string }>([
  { name: 'run', budget: { perRun: { tokens: TOKENS + 1 } }, calls: 2 },
  {
    name: 'operator runtime, hour',
    budget: { perOperator: { hour: { usd: cost + 0.01 } } },
    calls: 2,
    free: '2026-03-30T23:00:00.000Z',
  },
  {
    name: 'day',
    budget: { total: { day: { tokens: TOKENS } } },
    calls: 1,
    free: '2026-03-31T00:00:00.000Z',
  },
  {
    name: 'month',
    budget: { total: { month: { usd: cost } } },
    calls: 1,
    free: '2026-04-01T00:00:00.000Z',
  },
])('the budget "$name" lets $calls calls begin, is told once, and is free again', async (row) => {
  const { name, budget, calls, free } = row;
  const { clock, events, guard, thread } = createHouse({ budget });
  const { model } = thread();
  const begun = async (who?: Partial<Caller>): Promise<number> => {
    const scripted = scriptedModel(
      Array.from({ length: 5 }, () => says),
      'mine',
    );
    const patient = withAttempts(model(scripted, who), { attempts: 3, clock });
    while ((await codeOf(ask(patient))) !== 'budget_exceeded');
    expect(await codeOf(ask(patient))).toBe('budget_exceeded');
    return scripted.requests.length;
  };
  expect(await begun()).toBe(calls);
  const told = (): LensEvent[] => events.filter(({ type }) => type === 'budget.exceeded');
  expect(told()).toEqual([expect.objectContaining({ budget: name, ...(free && { freeAt: free }) })]);
  if (free !== undefined) {
    expect(guard.report().budgets).toMatchObject([{ budget: name, freeAt: free }]);
    clock.advance(Date.parse(free) - start);
  }
  expect(await begun(free === undefined ? { runId: 'run-2' } : {})).toBe(calls);
  expect(told().length).toBe(2);
});

test('what one operator spent is no matter of another', async () => {
  const { thread } = createHouse({ budget: { perOperator: { day: { tokens: 1 } } } });
  const { model } = thread();
  await ask(model(scriptedModel([says], 'mine')));
  expect(await codeOf(ask(model(scriptedModel([says], 'mine'))))).toBe('budget_exceeded');
  expect(await codeOf(ask(model(scriptedModel([says], 'mine'), { caller: 'gc' })))).toBeUndefined();
});

test('calls under way hold back their estimates, so that two do not overrun a budget together', async () => {
  const { thread } = createHouse({ budget: { total: { day: { tokens: 10 } } } });
  const { model } = thread();
  const { model: mine, answer, begun } = slow();
  const first = ask(model(mine));
  await until(() => begun() === 1);
  expect(await codeOf(ask(model(mine)))).toBe('budget_exceeded');
  answer();
  expect((await first).text).toBe('hello');
});

test('money spent on a model without a price counts as the dearest', async () => {
  const { thread, guard } = createHouse({ budget: { total: { day: { usd: 0.001 } } } });
  const { model } = thread();
  await ask(model(scriptedModel([says], 'nobody-knows')));
  expect(await codeOf(ask(model(scriptedModel([says], 'mine'))))).toBe('budget_exceeded');
  expect(guard.report().budgets[0]?.spent).toBeCloseTo((100 * 15 + 10 * 1.5 + 5 * 75) / 1e6, 9);
});

test('a run too many is refused before it starts', async () => {
  const { clock, events, thread } = createHouse({ budget: { perOperator: { hour: { runs: 2 } } } });
  const { startRun } = thread();
  await startRun();
  await startRun();
  expect(await codeOf(startRun())).toBe('budget_exceeded');
  expect(await codeOf(startRun({ caller: 'gc' }))).toBeUndefined();
  expect(events).toEqual([
    expect.objectContaining({ budget: 'operator runtime, hour', limit: 2, spent: 2, unit: 'runs' }),
  ]);
  clock.advance(3_600_000);
  expect(await codeOf(startRun())).toBeUndefined();
});

test('four calls of a model at once, over all threads; who gives up leaves the line; more than 16 do not wait', async () => {
  const { thread } = createHouse();
  const threads = Array.from({ length: 3 }, thread);
  const { model: mine, answer, begun } = slow();
  const leaving = new AbortController();
  const asked = Array.from({ length: 20 }, (_, i) =>
    ask((threads[i % 3] as Thread).model(mine), i === 19 ? leaving.signal : undefined),
  );
  await until(() => begun() === 4);
  expect(await codeOf(ask((threads[0] as Thread).model(mine)))).toBe('model_busy');
  leaving.abort(fail('run_cancelled'));
  expect(await codeOf(asked[19] as Promise<unknown>)).toBe('run_cancelled');
  for (let i = 5; i <= 19; i += 1) {
    answer();
    await until(() => begun() === i);
  }
  for (let i = 0; i < 4; i += 1) answer();
  await Promise.all(asked.slice(0, 19));
  expect(begun()).toBe(19);
});

test('who waits for long is asked again and again, and has the place when it comes', async () => {
  const { clock, thread } = createHouse({ concurrency: 1 });
  const { model: mine, answer, begun } = slow();
  const first = ask(thread().model(mine));
  await until(() => begun() === 1);
  const second = ask(thread().model(mine));
  for (let s = 0; s < 3; s += 1) {
    await until(() => clock.pending > 0);
    clock.advance(1_000);
  }
  answer();
  await until(() => begun() === 2);
  answer();
  expect((await Promise.all([first, second])).length).toBe(2);
});

test('a thread that ends in the middle of a call gives its place back', async () => {
  const { events, thread } = createHouse({ concurrency: 1 });
  const lost = thread();
  const { model: mine, answer, begun } = slow();
  const never = [codeOf(ask(lost.model(mine))), codeOf(ask(lost.model(mine)))];
  await until(() => begun() === 1);
  lost.close();
  const next = ask(thread().model(mine));
  await until(() => begun() === 3);
  for (let i = 0; i < 3; i += 1) answer();
  await Promise.all([next, ...never]);
  expect(events.filter((event) => event.type === 'model.called' && event.error !== undefined).length).toBe(1);
});

test('five failures in a row open the circuit for all threads: no call, no retry; then one finds out', async () => {
  const { clock, events, thread } = createHouse();
  const down = scriptedModel(
    Array.from({ length: 6 }, () => ({ error: 'model_overloaded' as const })),
    'mine',
  );
  const { model } = thread();
  for (let i = 0; i < 5; i += 1) expect(await codeOf(ask(model(down)))).toBe('model_overloaded');
  await until(() => typesOf(events).includes('circuit.opened'));
  const other = scriptedModel([says, says], 'mine');
  const patient = withAttempts(thread().model(other), { attempts: 3, clock });
  expect(await codeOf(ask(patient))).toBe('model_circuit_open');
  expect(await codeOf(ask(model(scriptedModel([says], 'another'))))).toBeUndefined();
  clock.advance(30_000);
  expect(await codeOf(ask(model(down)))).toBe('model_overloaded');
  await until(() => typesOf(events).filter((type) => type === 'circuit.opened').length === 2);
  clock.advance(30_000);
  expect(await codeOf(ask(patient))).toBe('model_circuit_open');
  clock.advance(30_000);
  expect((await ask(patient)).text).toBe('hello');
  expect(events.filter(({ type }) => type.startsWith('circuit.'))).toEqual([
    expect.objectContaining({ model: 'mine', failures: 5, retryInMs: 30_000 }),
    expect.objectContaining({ model: 'mine', failures: 6, retryInMs: 60_000 }),
    { type: 'circuit.closed', model: 'mine', openForMs: 90_000 },
  ]);
});

test('what an actor leaves open is given back and counted, though its thread keeps the port for the next', async () => {
  const { events, pooled } = createHouse({ concurrency: 1 });
  const next = pooled();
  const first = next();
  const { model: endless, begun } = slow();
  ask(first.model(endless)).catch(() => {});
  await until(() => begun() === 1);
  first.close();
  expect(await ask(next().model(scriptedModel([says], 'mine')))).toMatchObject({ text: 'hello' });
  expect(events.filter(({ type }) => type === 'model.called')).toEqual([
    expect.objectContaining({ error: expect.objectContaining({ code: 'rpc_peer_gone' }) }),
    expect.not.objectContaining({ error: expect.anything() }),
  ]);
});

test('a desk that is gone stops nobody', async () => {
  const { port1, port2 } = new MessageChannel();
  const clock = new ManualClock(start);
  const desk = connectModelDesk(port2, clock);
  port1.close();
  const caller = { caller: 'runtime', investigationId: 'a', runId: 'a' };
  await desk.startRun({ ...caller, model: 'mine' });
  const model = deskedModel(scriptedModel([says], 'mine'), { desk, clock, caller: () => caller });
  expect(await ask(model)).toMatchObject({ text: 'hello', usage });
});

test('a desk in trouble is not asked for a while, and is told of the end of a call that had begun before', async () => {
  const { port1, port2 } = new MessageChannel();
  const asked: string[] = [];
  onTestFinished(
    serveRpc(port1, {
      begin: async ({ ticket }: CallRequest) => {
        asked.push(`begin ${ticket}`);
        if (ticket === 2) throw new TypeError('out of order');
        return 'begun';
      },
      end: async (ticket: number) => asked.push(`end ${ticket}`),
      leave: async (ticket: number) => asked.push(`leave ${ticket}`),
    }),
  );
  const clock = new ManualClock(start);
  const desk = connectModelDesk(port2, clock);
  onTestFinished(() => desk.close());
  const who = { caller: 'gc', investigationId: 'b', runId: 'b' };
  const desked = (model: Model): Model => deskedModel(model, { desk, clock, caller: () => who });
  const { model: mine, answer, begun } = slow();
  const first = ask(desked(mine));
  await until(() => begun() === 1);
  const quick = desked(scriptedModel([says, says, says], 'mine'));
  await ask(quick);
  await ask(quick);
  answer();
  await first;
  clock.advance(10_000);
  await ask(quick);
  expect(asked).toEqual(['begin 1', 'begin 2', 'leave 2', 'leave 3', 'end 1', 'begin 4', 'end 4']);
});

test('behind fallback() the one that answers is counted; an open circuit is passed over, a used up budget ends it', async () => {
  const { clock, guard, thread } = createHouse({ budget: { perRun: { tokens: 6 * TOKENS } } });
  const down = scriptedModelRef(
    [...Array(9)].map(() => ({ error: 'model_overloaded' as const })),
    'mine',
  );
  const well = scriptedModelRef(
    [...Array(9)].map(() => says),
    'another',
  );
  const either = (): Promise<Model> => loadModel(fallback([down, well]), { wrap: thread().model, clock });
  const first = await either();
  for (let i = 0; i < 5; i += 1) {
    // Who answered is asked first for that long.
    clock.advance(300_000);
    expect(await ask(first)).toMatchObject({ text: 'hello', model: 'another' });
  }
  const second = await either();
  expect(await ask(second)).toMatchObject({ text: 'hello', model: 'another' });
  expect(await codeOf(ask(second))).toBe('budget_exceeded');
  expect(guard.report().byModel).toMatchObject({
    mine: { calls: 5, failedCalls: 5 },
    another: { calls: 6, failedCalls: 0 },
  });
});
