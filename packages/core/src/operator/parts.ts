// What an operator works with for its whole life: its skill, the sandbox and the model, each reached over a port.
import type { ActorContext } from '../actor/actor.ts';
import { laterPortOf } from '../agent/services.ts';
import type { Id } from '../ids.ts';
import { asJson } from '../json.ts';
import { connectStore, type Keeper } from '../recorder/store/client.ts';
import { connectSandbox } from '../sandbox-port.ts';
import { createModelSource, type ModelSource } from '../spending/model-source.ts';
import { stamped } from '../telemetry/stamp.ts';
import type { ScriptRunner } from './execute.ts';
import type { Progress } from './run-once.ts';
import { connectSkill, type SkillAccess } from './skill-access.ts';
import type { OperatorEvent, OperatorInput } from './spec.ts';

export interface OperatorParts {
  readonly input: OperatorInput;
  readonly context: ActorContext;
  readonly skill: SkillAccess;
  readonly sandbox: ScriptRunner;
  readonly keeper: Keeper;
  readonly model: ModelSource;
  readonly emit: (event: OperatorEvent) => void;
  readonly onProgress: (progress: Progress) => void;
  /** The run that model calls are counted for from now on. Default: the investigation. */
  countAs(runId: Id): void;
  close(): void;
}

/** @throws NodelensError `actor_start_failed` when a service is missing. */
export function connectParts(
  input: OperatorInput,
  context: ActorContext,
  onProgress: (progress: Progress) => void,
): OperatorParts {
  const { name, skill: descriptor, limits, model: choice } = input.spec;
  const { investigationId } = input;
  const { id, ports } = context;
  const service = descriptor.host === 'main' ? 'main-skills' : 'skills';
  const skill = connectSkill(laterPortOf(ports, service, id), descriptor, limits.maxPauseMs);
  const sandbox = connectSandbox(laterPortOf(ports, 'sandbox', id));
  const keeper = connectStore('store' in ports ? laterPortOf(ports, 'store', id) : undefined, context.clock);
  let runId = investigationId;
  const model = createModelSource(choice, context, () => ({ caller: name, investigationId, runId }));
  return {
    input,
    context,
    skill,
    sandbox,
    keeper,
    model,
    emit: (event) => context.emit(asJson(stamped(event, context.clock.now()))),
    onProgress,
    countAs: (id) => {
      runId = id;
    },
    close: () => {
      skill.close();
      sandbox.close();
      keeper.close();
      model.close();
    },
  };
}
