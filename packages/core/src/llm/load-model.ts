// Turns a model reference into a model in the thread that runs this.
import { type Clock, systemClock } from '../actor/clock.ts';
import { fail, isError, reasonOf } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { Model, ModelLoader, ModelRef } from './model.ts';

export interface LoadOptions {
  /** Put around each model that answers itself; not around one that only chooses among others (`isComposite`). */
  readonly wrap?: (model: Model) => Model;
  /** Default: the system's. */
  readonly clock?: Clock;
}

/**
 * @throws NodelensError `model_invalid` (not a reference), `model_load_failed` (module, export or factory), or what
 * the factory says itself (`model_key_missing`)
 */
export async function loadModel(choice: ModelRef, options: LoadOptions = {}): Promise<Model> {
  const complaint = complaintAbout(choice);
  if (complaint !== undefined) throw fail('model_invalid', { reason: complaint });
  const { wrap = (model) => model, clock = systemClock } = options;
  const factory = await importFactory(choice);
  const model = await create(factory, choice, { load: (ref) => loadModel(ref, options), clock });
  if (typeof model?.generate !== 'function' || typeof model.name !== 'string')
    throw failed(
      choice,
      `"${choice.exportName}" did not return a model (an object with "name" and "generate").`,
    );
  return model.isComposite === true ? model : wrap(model);
}

function complaintAbout(choice: unknown): string | undefined {
  if (typeof choice !== 'object' || choice === null) return 'it must be an object.';
  const { kind, name, module, exportName, options } = choice as Partial<ModelRef>;
  if (kind !== 'model-ref') return '"kind" must be "model-ref".';
  for (const [field, value] of Object.entries({ name, module, exportName }))
    if (typeof value !== 'string' || value === '') return `"${field}" must be a text that is not empty.`;
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    return '"options" must be an object of JSON.';
  return undefined;
}

type Factory = (
  options: JsonObject,
  loader: ModelLoader,
) => Partial<Model> | undefined | Promise<Partial<Model> | undefined>;

async function importFactory(choice: ModelRef): Promise<Factory> {
  const exports: Record<string, unknown> = await import(choice.module).catch((error: unknown) =>
    Promise.reject(failed(choice, reasonOf(error), error)),
  );
  const factory = exports[choice.exportName];
  if (typeof factory !== 'function')
    throw failed(choice, `${choice.module} has no exported function "${choice.exportName}".`);
  return factory as Factory;
}

async function create(factory: Factory, choice: ModelRef, loader: ModelLoader): Promise<Model> {
  try {
    return (await factory(choice.options, loader)) as Model;
  } catch (error) {
    throw isError(error) ? error : failed(choice, reasonOf(error), error);
  }
}

const failed = (choice: ModelRef, reason: string, cause?: unknown): Error =>
  fail('model_load_failed', { model: choice.name, reason }, cause === undefined ? {} : { cause });
