// What more than one group measures with: raw workers, child specs, and an operator whose model costs nothing.
import { once } from 'node:events';
import { type ResourceLimits, Worker } from 'node:worker_threads';
import type { ChildSpec } from '../../packages/core/src/actor/supervision/child-spec.ts';
import type { ModelRef } from '../../packages/core/src/llm/model.ts';
import type { OperatorSpec } from '../../packages/core/src/operator/spec.ts';
import type { Skill } from '../../packages/core/src/skill.ts';
import { coreUrl, importCore } from './core.ts';

export const workerFile = (name: string): URL => new URL(`./workers/${name}.mjs`, import.meta.url);

const about = {
  id: 'bench',
  title: 'Bench',
  description: 'Nothing to look at.',
  systemPrompt: 'There is nothing to look at.',
} as const;

/** A skill that has nothing to offer. */
export const emptySkill: Skill = { ...about, snapshot: async () => ({}), callbacks: {} };

interface ThreadOptions {
  readonly execArgv: string[];
  readonly resourceLimits: ResourceLimits;
}

/** The options that a thread of core is started with. */
export async function threadOptions(): Promise<ThreadOptions> {
  const { actorResourceLimits, threadExecArgv } = await importCore('actor/hosts/thread-options');
  return { execArgv: threadExecArgv(), resourceLimits: actorResourceLimits };
}

/** A worker that has said that it is there. */
export async function startWorker(name: string): Promise<Worker> {
  const worker = new Worker(workerFile(name), await threadOptions());
  await once(worker, 'message');
  return worker;
}

export function counterSpec(overrides: Partial<ChildSpec> = {}): ChildSpec {
  return {
    id: 'counter',
    module: workerFile('actors').href,
    exportName: 'createCounter',
    input: {},
    restart: 'permanent',
    placement: 'thread',
    ...overrides,
  };
}

export const model = (exportName: 'createDone' | 'createSilent'): ModelRef => ({
  kind: 'model-ref',
  name: exportName,
  module: workerFile('models').href,
  exportName,
  options: {},
});

/** An operator of the empty skill. */
export async function operatorSpec(given: ModelRef): Promise<OperatorSpec> {
  const { defaultOperatorLimits } = await importCore('operator/spec');
  return {
    name: 'bench',
    skill: { ...about, callbacks: [], checks: [], keywords: [], host: 'main' },
    mode: 'on-demand',
    restart: 'permanent',
    model: given,
    limits: defaultOperatorLimits,
  };
}

/** An operator that waits for its model for ever, as a child of a thread of its own. */
export async function waitingOperator(id = 'operator-bench'): Promise<ChildSpec> {
  const spec = await operatorSpec(model('createSilent'));
  return {
    id,
    module: coreUrl('operator/operator'),
    exportName: 'createOperator',
    input: JSON.parse(
      JSON.stringify({
        spec,
        investigationId: '0123456789abcdef',
        context: { reason: 'bench' },
      }),
    ),
    restart: 'permanent',
    placement: 'thread',
    startMs: 60_000,
    heartbeatTimeoutMs: 60_000,
    maxCpuShare: 1,
  };
}
