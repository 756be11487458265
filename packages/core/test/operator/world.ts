// The surroundings of operators and coordinators in one thread, all real but the model: skill host, sandbox process,
// actor host with its services.
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { createSandbox } from '@nodelens/sandbox';
import { onTestFinished } from 'vitest';
import { type Clock, systemClock } from '../../src/actor/clock.ts';
import { ActorHost } from '../../src/actor/hosts/actor-host.ts';
import { InProcessStage } from '../../src/actor/hosts/in-process-host.ts';
import type { Connect } from '../../src/actor/hosts/services.ts';
import type { JsonObject } from '../../src/json.ts';
import type { Model, ModelRef } from '../../src/llm/model.ts';
import { serveModel } from '../../src/llm/remote-model.ts';
import { runOperator } from '../../src/operator/run.ts';
import {
  defaultOperatorLimits,
  type ModelChoice,
  type OperatorEvent,
  type OperatorLimits,
  type OperatorRunResult,
  type OperatorSpec,
} from '../../src/operator/spec.ts';
import { createMemoryShelf } from '../../src/recorder/store/memory.ts';
import { storeOn } from '../../src/recorder/store/store.ts';
import { createVaults } from '../../src/recorder/store/vaults.ts';
import { serveRpc } from '../../src/rpc.ts';
import { serveSandbox } from '../../src/sandbox-port.ts';
import { defineSkill, type Skill } from '../../src/skill.ts';
import { createSkillHost } from '../../src/skill-host.ts';
import type { BudgetOptions } from '../../src/spending/budget.ts';
import { BudgetGuard } from '../../src/spending/budget-guard.ts';
import { createModelDesk } from '../../src/spending/create-model-desk.ts';
import { createLedger } from '../../src/spending/ledger.ts';

export const memorySkill: Skill = defineSkill({
  id: 'memory',
  title: 'Memory',
  description: 'Memory of the process',
  systemPrompt: 'You watch memory.',
  snapshot: () => ({ usedMb: 90, limitMb: 100 }),
  callbacks: {
    memory_top: {
      description: 'The largest things.',
      run: () => [{ name: 'sessionCache', mb: 70 }],
    },
    memory_fail: {
      description: 'Always fails.',
      run: () => {
        throw new Error('no such luck');
      },
    },
  },
});

/** Its check fires, and blames the shop. */
export const checkedSkill: Skill = defineSkill({
  ...memorySkill,
  checks: [
    {
      id: 'memory.high',
      when: ({ usedMb = 0 }) => (Number(usedMb) > 80 ? { usedMb } : undefined),
      investigate: 'return null',
      conclude: () => ({
        severity: 'critical',
        context: 'Heap is at 90 MB.',
        observation: 'It is full.',
        subjects: [{ kind: 'process', name: 'shop' }],
      }),
    },
  ],
});

/** Of the models of tests, whose answers cost the same. */
const prices = { scripted: { input: 1_000, output: 1_000 } };

export const investigationId = '00000000000000aa';

export interface World {
  readonly host: ActorHost;
  readonly connect: Connect;
  spec(overrides?: Partial<OperatorSpec>, limits?: Partial<OperatorLimits>): OperatorSpec;
  run(options?: RunOptions): Promise<OperatorRunResult>;
  readonly events: OperatorEvent[];
}

export interface RunOptions {
  readonly spec?: Partial<OperatorSpec>;
  readonly limits?: Partial<OperatorLimits>;
  readonly timeoutMs?: number;
  readonly maxPauseMs?: number;
  readonly context?: JsonObject;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: OperatorEvent) => void;
}

/** Operators use the live `model` over a port, unless their spec names another one. */
export function createWorld(
  model: Model,
  skills: readonly Skill[] = [memorySkill],
  clock: Clock = systemClock,
  budget: BudgetOptions = {},
): World {
  const skillHost = createSkillHost(skills, { host: 'recorder' });
  const sandbox = createSandbox();
  const now = (): number => clock.now();
  const tell = (): void => undefined;
  const guard = new BudgetGuard({ ledger: createLedger({ now }), budget, prices, now, tell });
  const desk = createModelDesk({ guard, clock, tell });
  const connect: Connect = (service, port) => {
    if (service === 'skills' || service === 'main-skills') serveRpc(port, skillHost);
    if (service === 'sandbox') serveSandbox(port, sandbox);
    if (service === 'store') serveRpc(port, storeOn(createMemoryShelf(createVaults()), undefined));
    if (service === 'models') desk.connect(port);
    if (service === 'main-model') serveModel(port, model);
  };
  const host = servicesHost(connect, clock);
  onTestFinished(async () => {
    await host.close();
    await sandbox.close();
  });
  const events: OperatorEvent[] = [];
  const spec: World['spec'] = (overrides = {}, limits = {}) => ({
    name: skills[0]?.id ?? '',
    skill: skillHost.descriptor(overrides.name ?? skills[0]?.id ?? ''),
    mode: 'on-demand',
    restart: 'temporary',
    model: live(model),
    limits: { ...defaultOperatorLimits, ...limits },
    ...overrides,
  });
  const run: World['run'] = (options = {}) => {
    const { signal = new AbortController().signal, timeoutMs, maxPauseMs, context } = options;
    const request = {
      spec: spec(options.spec, options.limits),
      investigationId,
      context: { reason: 'is it healthy?', ...context },
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(maxPauseMs !== undefined && { maxPauseMs }),
    };
    const onEvent = (event: OperatorEvent): void => {
      events.push(event);
      options.onEvent?.(event);
    };
    return runOperator(host, request, { signal, onEvent });
  };
  return { host, connect, spec, run, events };
}

export const live = (model: Model): ModelChoice => ({ kind: 'main-model', name: model.name });

/** A model that the operator loads itself: an export of fixtures.ts. */
export const fixtureModel = (exportName: string): ModelRef => ({
  kind: 'model-ref',
  name: exportName,
  module: new URL('./fixtures.ts', import.meta.url).href,
  exportName,
  options: {},
});

/** A host in this thread that gives actors the services of their specs, as the launcher does. */
function servicesHost(connect: Connect, clock: Clock): ActorHost {
  const stage = new InProcessStage(clock);
  return new ActorHost({
    run: (request) => {
      const ports: { [name: string]: MessagePort } = { ...request.ports };
      for (const service of request.spec.services ?? []) {
        const { port1, port2 } = new MessageChannel();
        connect(service, port1);
        ports[service] = port2;
      }
      return stage.run({ ...request, ports });
    },
    close: () => stage.close(),
  });
}
