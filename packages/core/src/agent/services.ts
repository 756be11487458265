// What an actor with a model gets from its ports: the model itself, loaded here or reached on main.

import type { ActorContext } from '../actor/actor.ts';
import type { ServicePort, ServicePorts } from '../actor/hosts/services.ts';
import { fail } from '../errors.ts';
import { type LoadOptions, loadModel } from '../llm/load-model.ts';
import type { Model } from '../llm/model.ts';
import { connectModel } from '../llm/remote-model.ts';
import type { ModelChoice } from '../operator/spec.ts';

/** @throws NodelensError `model_*`; `actor_start_failed` when the port of a live model was not given. */
export async function modelOf(
  choice: ModelChoice,
  { id, ports, clock }: Pick<ActorContext, 'id' | 'ports' | 'clock'>,
  wrap: LoadOptions['wrap'] = (model) => model,
): Promise<Model> {
  if (choice.kind === 'model-ref') return loadModel(choice, { wrap, clock });
  return wrap(connectModel(portOf(ports, 'main-model', id), choice.name));
}

/** @throws NodelensError `actor_start_failed` */
export function portOf(ports: ServicePorts, name: string, actorId: string): ServicePort {
  return laterPortOf(ports, name, actorId)();
}

/** What opens it when it is needed. @throws NodelensError `actor_start_failed` at once */
export function laterPortOf(ports: ServicePorts, name: string, actorId: string): () => ServicePort {
  if (!(name in ports))
    throw fail('actor_start_failed', { id: actorId, reason: `its service "${name}" was not given.` });
  return () => ports[name] as ServicePort;
}
