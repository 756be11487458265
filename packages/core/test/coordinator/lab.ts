// A coordinator actor with operators, all in this thread; models are scripted, one for the coordinator and one for
// all operators.
import { MessageChannel } from 'node:worker_threads';
import type { Clock } from '../../src/actor/clock.ts';
import { serveHost } from '../../src/actor/hosts/served-host.ts';
import type { ActorRef } from '../../src/actor/messages/ref.ts';
import type { InvestigationResult } from '../../src/coordinator/insight.ts';
import {
  type CoordinatorEvent,
  type CoordinatorLimits,
  defaultCoordinatorLimits,
  type InvestigationRequest,
} from '../../src/coordinator/spec.ts';
import { asJson, type JsonObject } from '../../src/json.ts';
import { isModelRef, type ModelInput } from '../../src/llm/model.ts';
import { serveModel } from '../../src/llm/remote-model.ts';
import { defineSkill, type Skill } from '../../src/skill.ts';
import type { BudgetOptions } from '../../src/spending/budget.ts';
import { scripted } from '../operator/scripted.ts';
import { createWorld, live, type World } from '../operator/world.ts';

export const skillNamed = (id: string): Skill =>
  defineSkill({
    id,
    title: id,
    description: `All about ${id}`,
    systemPrompt: `You watch ${id}.`,
    snapshot: () => ({ figure: 1 }),
    callbacks: {},
  });

export interface Lab {
  readonly world: World;
  readonly coordinator: ActorRef;
  readonly events: CoordinatorEvent[];
  run(request?: Partial<InvestigationRequest>, signal?: AbortSignal): Promise<InvestigationResult>;
}

export interface LabOptions {
  readonly coordinator: ModelInput;
  readonly operators: ModelInput;
  /** Configures each operator a second time under the same name. */
  readonly twice?: boolean;
  readonly clock?: Clock;
  readonly budget?: BudgetOptions;
  /** Default: `runtime` and `gc`, which know nothing. */
  readonly skills?: readonly Skill[];
  readonly limits?: Partial<CoordinatorLimits>;
  readonly isForOneRun?: boolean;
  readonly onEvent?: (event: CoordinatorEvent) => void;
}

const unused = scripted([]);

export async function createLab(options: LabOptions): Promise<Lab> {
  const { skills = ['runtime', 'gc'].map(skillNamed), limits, onEvent, coordinator, operators } = options;
  const { clock, budget, isForOneRun } = options;
  const world = createWorld(isModelRef(operators) ? unused : operators, skills, clock, budget);
  const launcher = new MessageChannel();
  const modelPort = new MessageChannel();
  const deskPort = new MessageChannel();
  world.connect('models', deskPort.port1);
  serveHost(launcher.port1, world.host);
  if (!isModelRef(coordinator)) serveModel(modelPort.port1, coordinator);
  const names = [...skills, ...(options.twice ? skills : [])].map((skill) => skill.id);
  const loaded = isModelRef(operators) ? { model: operators } : {};
  const input = {
    operators: names.map((name) => world.spec({ name, ...loaded })),
    model: isModelRef(coordinator) ? coordinator : live(coordinator),
    limits: { ...defaultCoordinatorLimits, ...limits },
    ...(isForOneRun !== undefined && { isForOneRun }),
  };
  const actor = await world.host.start(
    {
      id: 'coordinator',
      module: new URL('../../src/coordinator/coordinator.ts', import.meta.url).href,
      exportName: 'createCoordinator',
      input: asJson(input) as JsonObject,
      restart: 'temporary',
      placement: 'local',
    },
    { launcher: launcher.port2, 'main-model': modelPort.port2, models: deskPort.port2 },
  );
  const events: CoordinatorEvent[] = [];
  actor.onEvent((json) => {
    const event = json as unknown as CoordinatorEvent;
    events.push(event);
    onEvent?.(event);
  });
  const run: Lab['run'] = async (request = {}, signal) => {
    const command = { type: 'coordinator.run', request: { reason: 'slow requests', ...request } };
    const ask = { timeoutMs: 60_000, ...(signal && { signal }) };
    return (await actor.ask(asJson(command), ask)) as unknown as InvestigationResult;
  };
  return { world, coordinator: actor, events, run };
}
