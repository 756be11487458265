// Operators on real threads that end in the middle of a run: the run is told as failed, and nothing that was reported
// before is lost.
import { expect, onTestFinished, test } from 'vitest';
import type { Host } from '../../src/actor/hosts/host.ts';
import { createPlacementHost } from '../../src/actor/hosts/placement-host.ts';
import type { ChildSpec } from '../../src/actor/supervision/child-spec.ts';
import { runOperator } from '../../src/operator/run.ts';
import type { OperatorEvent, OperatorRunResult } from '../../src/operator/spec.ts';
import type { Skill } from '../../src/skill.ts';
import { scripted } from './scripted.ts';
import { checkedSkill, createWorld, fixtureModel, investigationId, memorySkill } from './world.ts';

interface RunOptions {
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: OperatorEvent) => void;
  readonly skill?: Skill;
  readonly life?: Pick<ChildSpec, 'heartbeatTimeoutMs'>;
}

async function runOnThread(model: string, options: RunOptions = {}): Promise<OperatorRunResult> {
  const world = createWorld(scripted([]), [options.skill ?? memorySkill]);
  const placed = createPlacementHost({ connect: world.connect });
  onTestFinished(() => placed.close());
  const host: Host = {
    start: (spec, ports, signal) => placed.start({ ...spec, ...options.life }, ports, signal),
    stop: (ref) => placed.stop(ref),
    kill: (ref) => placed.kill(ref),
    close: () => placed.close(),
  };
  return runOperator(
    host,
    { spec: world.spec({ model: fixtureModel(model) }), investigationId, context: { reason: 'x' } },
    { signal: options.signal ?? new AbortController().signal, onEvent: options.onEvent ?? (() => {}) },
  );
}

test.each([
  ['throws', 'out of the blue'],
  ['exits', 'exit code 7'],
  ['eatsMemory', 'memory'],
  ['loops', 'unresponsive'],
])('an operator whose thread %s', async (model, reason) => {
  const result = await runOnThread(model, { life: { heartbeatTimeoutMs: 1_500 } });
  expect(result).toMatchObject({
    operator: 'memory',
    status: 'failed',
    error: { code: 'actor_exited', message: expect.stringContaining(reason) },
    notifications: [{ type: 'memory.high', investigationId }],
    snapshots: [{ data: { usedMb: 90 } }],
    iterations: 2,
  });
});

test('an operator that does not listen to its cancel is killed, before it counts as unresponsive', async () => {
  const controller = new AbortController();
  let abortedAt = 0;
  const result = await runOnThread('loops', {
    signal: controller.signal,
    onEvent: (event) => {
      if (event.type !== 'operator.step' || event.iteration !== 2) return;
      abortedAt = performance.now();
      controller.abort();
    },
  });
  expect(performance.now() - abortedAt).toBeLessThan(4_500);
  expect(result).toMatchObject({ status: 'cancelled', notifications: [{ type: 'memory.high' }] });
});

test('an operator that works on a thread of its own is as good as one here', async () => {
  const result = await runOnThread('briefed', { skill: checkedSkill });
  expect(result).toMatchObject({
    status: 'completed',
    notifications: [{ type: 'memory.high', severity: 'critical', subjects: [{ name: 'shop' }] }],
    snapshots: [{ data: { usedMb: 90 } }],
  });
});
