// One life of a child, from its start to its end, whether it is an actor or a supervisor.
import type { ExitReason } from './exit.ts';
import type { ActorRef } from './ref.ts';
import type { Supervisor } from './supervisor.ts';
import type { SupervisorOptions } from './supervisor-options.ts';
import { type AnyChildSpec, isSupervisorSpec } from './supervisor-spec.ts';

export interface Life {
  /** Absent for a supervisor. */
  readonly actor?: ActorRef;
  /** Absent for an actor. */
  readonly supervisor?: Supervisor;
  /** Resolves (never rejects) when it has ended. */
  readonly exited: Promise<ExitReason>;
  /** Its orderly end. */
  stop(): Promise<void>;
}

/**
 * Starts an actor on the host, or a supervisor with its children.
 * @param create makes a supervisor: its file stands above this one.
 */
export async function beginLife(
  spec: AnyChildSpec,
  options: SupervisorOptions,
  create: (options: SupervisorOptions) => Supervisor,
): Promise<Life> {
  const { host, prepare } = options;
  if (!isSupervisorSpec(spec)) {
    const actor = await host.start(spec, await prepare?.(spec));
    return { actor, exited: actor.exited, stop: () => host.stop(actor) };
  }
  const { children, restart: _restart, ...own } = spec;
  const {
    strategy: _strategy,
    backoff: _backoff,
    maxRestarts: _max,
    withinMs: _window,
    ...inherited
  } = options;
  const supervisor = create({ ...inherited, ...own });
  try {
    await supervisor.start(children);
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
  return { supervisor, exited: supervisor.exited, stop: () => supervisor.stop() };
}
