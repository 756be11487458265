// The model of an actor, over the desk: loaded at first use, and tried anew after a failure.
import type { ActorContext } from '../actor/actor.ts';
import { modelOf } from '../agent/services.ts';
import type { Model } from '../llm/model.ts';
import type { ModelChoice } from '../operator/spec.ts';
import { connectModelDesk } from './desk-client.ts';
import { deskedModel } from './desked-model.ts';
import type { Caller } from './model-desk.ts';

export interface ModelSource {
  /** @throws NodelensError `model_*` */
  load(): Promise<Model>;
  /** Counts a run, and loads the model for it. @throws NodelensError `budget_exceeded`, `model_*` */
  startRun(): Promise<Model>;
  close(): void;
}

/** @param caller who calls, asked at each call */
export function createModelSource(
  choice: ModelChoice,
  context: Pick<ActorContext, 'id' | 'ports' | 'clock'>,
  caller: () => Caller,
): ModelSource {
  const { clock, ports } = context;
  const desk = connectModelDesk(ports.models, clock);
  const wrap = (model: Model): Model => deskedModel(model, { desk, caller, clock });
  let loading: Promise<Model> | undefined;
  const load = (): Promise<Model> => {
    loading ??= modelOf(choice, context, wrap).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  return {
    load,
    async startRun() {
      // Meanwhile: a module is loaded in the time of the answer.
      const loading = load();
      loading.catch(() => undefined);
      await desk.startRun({ ...caller(), model: choice.name });
      return loading;
    },
    close: () => desk.close(),
  };
}
