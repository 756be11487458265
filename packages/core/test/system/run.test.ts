// The system end to end in one process: real recorder, launcher, operator threads and sandbox.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readdir } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { operator } from '../../src/one-off.ts';
import { defineSkill, type Skill } from '../../src/skill.ts';
import { Nodelens } from '../../src/system.ts';
import { channelOf, type LensEventOf } from '../../src/telemetry/events.ts';
import { lethal, pulse, startLens } from './kit.ts';

const cache = (): Skill =>
  defineSkill({
    id: 'cache',
    title: 'Cache',
    description: 'The cache of the app',
    systemPrompt: 'You watch a cache.',
    snapshot: () => ({ entries: 3, password: 'hunter2' }),
    callbacks: { cache_size: { description: 'Entries.', run: () => 3 } },
    checks: [
      {
        id: 'cache.small',
        when: (snapshot) => ({ entries: snapshot.entries ?? 0 }),
        investigate: 'return await cache_size();',
        conclude: (evidence) => ({
          severity: 'warning',
          context: 'The cache was measured.',
          observation: `The cache holds ${String(evidence)} entries.`,
          subjects: [{ kind: 'collection', name: 'cache' }],
        }),
      },
    ],
  });

test('an investigation correlates what operators on two hosts found, under one id', async () => {
  const lens = await startLens({ operators: [{ skill: pulse() }, { skill: cache() }] });
  const result = await lens.coordinator.run({ reason: 'something is wrong' }, { timeoutMs: 60_000 });

  expect(result.status).toBe('completed');
  expect(result.operators.map(({ operator: name, status }) => [name, status])).toEqual(
    expect.arrayContaining([
      ['pulse', 'completed'],
      ['cache', 'completed'],
    ]),
  );
  expect(result.insights.flatMap(({ subjects }) => subjects.map(({ name }) => name))).toContain('beat');
  for (const { investigationId } of [...result.notifications, ...result.insights])
    expect(investigationId).toBe(result.id);
  expect(JSON.stringify(result)).not.toContain('hunter2');
});

test('every event is on lens.on and on diagnostics_channel', async () => {
  const lens = await startLens({ operators: [{ skill: pulse() }] });
  const heard: unknown[] = [];
  const published: unknown[] = [];
  const listener = (message: unknown): void => void published.push(message);
  const name = channelOf('insight.produced');
  subscribe(name, listener);
  onTestFinished(() => void unsubscribe(name, listener));
  const undo = lens.on('insight.produced', ({ insight }) => heard.push(insight));

  const result = await lens.coordinator.run({ reason: 'pulse' }, { timeoutMs: 60_000 });
  undo();
  expect(result.insights).toHaveLength(1);
  expect(heard).toEqual(result.insights);
  expect(published).toMatchObject([{ insight: result.insights[0] }]);
});

test.for([['throw'], ['exit'], ['out of memory'], ['a growing table'], ['endless loop']])(
  'an operator that ends by %s is marked failed and takes nothing with it',
  { timeout: 60_000 },
  async ([how = '']) => {
    const lens = await startLens({
      operators: [{ skill: pulse() }, { name: 'doomed', skill: pulse('doomed'), model: lethal(how) }],
    });
    const result = await lens.coordinator.run({ reason: 'anything' }, { timeoutMs: 50_000 });

    expect(result.status).toBe('completed');
    const outcome = new Map(result.operators.map((entry) => [entry.operator, entry]));
    expect(outcome.get('doomed')).toMatchObject({ status: 'failed', error: { code: 'actor_exited' } });
    expect(outcome.get('pulse')?.status).toBe('completed');
    expect(result.notifications.map(({ operator: name }) => name)).toEqual(['pulse']);
    const again = await lens.operator.run('pulse', { reason: 'still there?' }, { timeoutMs: 30_000 });
    expect(again.status).toBe('completed');
  },
);

test('a cancel right after the first run reaches it, although what runs need is still being loaded', async () => {
  const lens = await startLens({ operators: [{ skill: pulse() }] });
  const running = lens.coordinator.run({ reason: 'all' }, { timeoutMs: 60_000 });
  lens.coordinator.cancel();
  expect((await running).status).toBe('cancelled');
});

test('an aborted investigation answers what was found, as cancelled', async () => {
  const lens = await startLens({
    operators: [{ skill: pulse() }, { name: 'stuck', skill: pulse('stuck'), model: lethal('never') }],
  });
  const abort = new AbortController();
  lens.on('operator.notification', () => abort.abort());
  const result = await lens.coordinator.run({ reason: 'all' }, { timeoutMs: 60_000, signal: abort.signal });
  expect(result.status).toBe('cancelled');
  expect(result.notifications.map(({ operator: name }) => name)).toEqual(['pulse']);
});

test('main starts one worker, the recorder; the rest is started from there', async () => {
  const workers: string[] = [];
  const count = (worker: unknown): void => void workers.push(String((worker as { worker?: unknown }).worker));
  subscribe('worker_threads', count);
  onTestFinished(() => void unsubscribe('worker_threads', count));
  const lens = await startLens({ operators: [{ skill: pulse() }, { skill: cache(), mode: 'continuous' }] });
  await lens.coordinator.run({ reason: 'all' }, { timeoutMs: 60_000 });
  expect(workers).toHaveLength(1);
});

test('operator.run works with nothing started before, and leaves no thread behind', async () => {
  const before = await readdir('/proc/self/task');
  const run = await operator.run(pulse(), { reason: 'is it healthy?' }, { timeoutMs: 60_000 });
  expect(run).toMatchObject({ status: 'completed', operator: 'pulse' });
  expect(run.notifications).toHaveLength(1);
  expect(Nodelens.current).toBeUndefined();
  const after = await readdir('/proc/self/task');
  expect(after.length).toBeLessThanOrEqual(before.length);
});

test('a live model on main is called by operators on their threads', async () => {
  const tools: string[] = [];
  const model = {
    name: 'live',
    generate: async ({ messages }: { messages: readonly unknown[] }) => {
      const name = messages.length < 3 ? 'take_snapshot' : 'done';
      tools.push(name);
      return {
        text: '',
        toolCalls: [{ id: `call-${messages.length}`, name, arguments: {} }],
        stopReason: 'tool_use' as const,
        usage: { inputTokens: 10, cachedInputTokens: 0, outputTokens: 2 },
      };
    },
  };
  const lens = await startLens({ model, operators: [{ skill: pulse() }] });
  const run = await lens.operator.run('pulse', { reason: 'look' }, { timeoutMs: 30_000 });
  expect(run.status).toBe('completed');
  expect(tools).toEqual(['take_snapshot', 'done']);
  expect(run.usage).toMatchObject({ calls: 2, inputTokens: 20 });
});

test('a continuous operator reports by itself, once, and is restarted when it dies', {
  timeout: 60_000,
}, async () => {
  const lens = await startLens({
    operators: [
      { skill: pulse(), mode: 'continuous', limits: { roundEveryMs: 100 } },
      { name: 'doomed', skill: pulse('doomed'), mode: 'continuous', model: lethal('exit') },
    ],
  });
  const notified: LensEventOf<'operator.notification'>[] = [];
  const rested = Promise.withResolvers<void>();
  const restarted = Promise.withResolvers<number>();
  lens.on('operator.notification', (event) => notified.push(event));
  lens.on('operator.hibernated', ({ operator: name }) => name === 'pulse' && rested.resolve());
  lens.on('operator.restarted', ({ attempt }) => restarted.resolve(attempt));
  await rested.promise;
  expect(await restarted.promise).toBe(1);
  const run = await lens.operator.run('pulse', { reason: 'beside it' }, { timeoutMs: 30_000 });
  expect(run.status).toBe('completed');
  const byThemselves = notified.filter(({ investigationId }) => investigationId !== run.investigationId);
  expect(byThemselves.map(({ operator: name }) => name)).toEqual(['pulse']);
});
