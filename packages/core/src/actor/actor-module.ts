// Makes an actor from its spec: loads the module and calls its export, within the time that the spec grants.
import { fail } from '../errors.ts';
import type { Actor, ActorContext, ActorModule } from './actor.ts';
import type { ExitReason } from './exit.ts';
import { DEFAULT_START_MS } from './hosts/actor-start.ts';
import type { ChildSpec } from './supervision/child-spec.ts';

/** Modules that are here already, by their URL. */
export type LoadedModules = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

export interface StartOptions {
  readonly spec: ChildSpec;
  readonly context: ActorContext;
  readonly modules: LoadedModules | undefined;
  /** Why it is to end, once that is decided. */
  readonly exit: () => ExitReason | undefined;
}

/** Undefined when it is to end before it is ready. @throws NodelensError `actor_start_failed`, or what its module throws. */
export async function startActor({ spec, context, modules, exit }: StartOptions): Promise<Actor | undefined> {
  const startMs = spec.startMs ?? DEFAULT_START_MS;
  const { promise: gaveUp, resolve, reject } = Promise.withResolvers<undefined>();
  context.signal.addEventListener('abort', () => resolve(undefined), { once: true });
  const undo = context.clock.after(startMs, () =>
    reject(fail('actor_start_failed', { id: spec.id, reason: `it was not ready within ${startMs} ms` })),
  );
  const creating = createActor(spec, context, modules);
  // An actor that comes into being after its end was decided still gets its `stop`.
  const late = (actor: Actor): void => {
    const reason = exit();
    if (reason !== undefined) void Promise.resolve(actor.stop?.(reason)).catch(() => {});
  };
  try {
    const actor = await Promise.race([creating, gaveUp]);
    if (actor === undefined) creating.then(late, () => {});
    return actor;
  } catch (error) {
    creating.then(late, () => {});
    throw error;
  } finally {
    undo();
  }
}

async function createActor(
  spec: ChildSpec,
  context: ActorContext,
  modules: LoadedModules | undefined,
): Promise<Actor> {
  const loaded = modules?.get(spec.module) ?? ((await import(spec.module)) as Record<string, unknown>);
  const create = loaded[spec.exportName];
  if (typeof create !== 'function') {
    const reason = `${spec.module} must export a function "${spec.exportName}" that returns an actor`;
    throw fail('actor_start_failed', { id: spec.id, reason });
  }
  return await (create as ActorModule)(spec.input, context);
}
