// The surroundings of an operator in one thread, all real but the model: skill host, sandbox process, actor host.
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { createSandbox } from '@nodelens/sandbox';
import { onTestFinished } from 'vitest';
import type { Host } from '../../src/actor/host.ts';
import { createInProcessHost } from '../../src/actor/in-process-host.ts';
import type { ServiceName } from '../../src/actor/services.ts';
import type { Model } from '../../src/llm/model.ts';
import { serveModel } from '../../src/llm/remote-model.ts';
import { runOperator } from '../../src/operator/run.ts';
import {
  defaultOperatorLimits,
  type OperatorEvent,
  type OperatorLimits,
  type OperatorRunResult,
  type OperatorSpec,
} from '../../src/operator/spec.ts';
import { serveRpc } from '../../src/rpc.ts';
import { serveSandbox } from '../../src/sandbox-port.ts';
import { defineSkill, type Skill } from '../../src/skill.ts';
import { createSkillHost } from '../../src/skill-host.ts';

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

export interface World {
  readonly host: Host;
  spec(limits?: Partial<OperatorLimits>, skillId?: string): OperatorSpec;
  run(options?: RunOptions): Promise<OperatorRunResult>;
  readonly events: OperatorEvent[];
}

export interface RunOptions {
  readonly limits?: Partial<OperatorLimits>;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: OperatorEvent) => void;
}

export function createWorld(model: Model, skills: readonly Skill[] = [memorySkill]): World {
  const skillHost = createSkillHost(skills, { host: 'recorder' });
  const sandbox = createSandbox();
  const inner = createInProcessHost();
  const serve = (service: ServiceName, port: MessagePort): void => {
    if (service === 'skills') serveRpc(port, skillHost);
    if (service === 'sandbox') serveSandbox(port, sandbox);
    if (service === 'main-model') serveModel(port, model);
  };
  const host: Host = {
    start: (spec, ports = {}) => {
      const served: { [name: string]: MessagePort } = { ...ports };
      for (const service of spec.services ?? []) {
        const { port1, port2 } = new MessageChannel();
        serve(service, port1);
        served[service] = port2;
      }
      return inner.start(spec, served);
    },
    stop: (ref) => inner.stop(ref),
    kill: (ref) => inner.kill(ref),
    close: () => inner.close(),
  };
  onTestFinished(async () => {
    await host.close();
    await sandbox.close();
  });
  const events: OperatorEvent[] = [];
  const spec: World['spec'] = (limits = {}, skillId = skills[0]?.id ?? '') => ({
    name: skillId,
    skill: skillHost.descriptor(skillId),
    mode: 'on-demand',
    restart: 'temporary',
    model: { kind: 'main-model', name: model.name },
    limits: { ...defaultOperatorLimits, ...limits },
  });
  return {
    host,
    spec,
    events,
    run: ({ limits, timeoutMs, signal = new AbortController().signal, onEvent } = {}) =>
      runOperator(
        host,
        {
          spec: spec(limits),
          investigationId: '00000000000000aa',
          context: { reason: 'is it healthy?' },
          ...(timeoutMs !== undefined && { timeoutMs }),
        },
        {
          signal,
          onEvent: (event) => {
            events.push(event);
            onEvent?.(event);
          },
        },
      ),
  };
}
