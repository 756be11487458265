// What an operator's run asks of the pool, and what its caller is told when the pool had no thread for it.
import { expect, test } from 'vitest';
import type { Host } from '../../src/actor/hosts/host.ts';
import type { ChildSpec } from '../../src/actor/supervision/child-spec.ts';
import { fail } from '../../src/errors.ts';
import { type OperatorRunRequest, runOperator } from '../../src/operator/run.ts';
import { defaultOperatorLimits, type OperatorRunResult, type OperatorSpec } from '../../src/operator/spec.ts';

const spec: OperatorSpec = {
  name: 'memory',
  skill: { id: 'memory', host: 'recorder' } as OperatorSpec['skill'],
  mode: 'on-demand',
  restart: 'temporary',
  model: { kind: 'main-model', name: 'live' },
  limits: { ...defaultOperatorLimits, memoryMb: 64, maxCpuShare: 0.25 },
};

/** Runs on a host that has no thread. */
async function refused(
  request: Partial<OperatorRunRequest>,
  error: Error,
): Promise<{ child: ChildSpec; result: OperatorRunResult }> {
  const asked: ChildSpec[] = [];
  const host: Pick<Host, 'start'> = {
    start: async (child) => {
      asked.push(child);
      throw error;
    },
  };
  const result = await runOperator(
    host as Host,
    { spec, investigationId: 'a1', context: { reason: 'test' }, ...request },
    { signal: new AbortController().signal, onEvent: () => {} },
  );
  const [child] = asked;
  if (child === undefined) throw new Error('nothing was asked for');
  return { child, result };
}

const late = fail('actor_queue_deadline', { id: 'memory', waitedMs: 750, queueMs: 750 });

test('a run waits no longer than leaves it time to look, and shares the turns of its investigation', async () => {
  const { child } = await refused({ timeoutMs: 1_000 }, late);
  expect(child).toMatchObject({ placement: 'pool', caller: 'a1', queueMs: 750 });
  expect((await refused({ timeoutMs: 100, caller: 'operator.run' }, late)).child).toMatchObject({
    caller: 'operator.run',
    queueMs: 0,
  });
  expect((await refused({}, late)).child.queueMs).toBeUndefined();
});

test('its limits reach its thread', async () => {
  expect((await refused({}, late)).child).toMatchObject({ memoryMb: 64, maxCpuShare: 0.25 });
});

test('a run whose time was over before it could begin has exceeded its deadline, and says why', async () => {
  expect((await refused({ timeoutMs: 1_000 }, late)).result).toMatchObject({
    status: 'deadline_exceeded',
    error: { code: 'actor_queue_deadline', retryable: true },
    iterations: 0,
  });
});

test('a run that found the queue full has failed', async () => {
  const full = fail('actor_queue_full', { id: 'memory', waiting: 64 });
  expect((await refused({ timeoutMs: 1_000 }, full)).result).toMatchObject({
    status: 'failed',
    error: { code: 'actor_queue_full' },
  });
});
