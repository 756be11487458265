// One life of a child, from its start to its end, whether it is an actor or a supervisor.
import type { ExitReason } from '../exit.ts';
import type { ActorRef } from '../messages/ref.ts';
import type { SupervisorOptions } from './supervisor-options.ts';
import { type AnyChildSpec, isSupervisorSpec } from './supervisor-spec.ts';
import type { TreeNode } from './tree.ts';

/** A supervisor as one of the children of another. */
export interface ChildSupervisor {
  readonly exited: Promise<ExitReason>;
  start(children: readonly AnyChildSpec[]): Promise<void>;
  stop(): Promise<void>;
  tree(): TreeNode;
}

export interface Life {
  /** Absent for a supervisor. */
  readonly actor?: ActorRef;
  /** Absent for an actor. */
  readonly supervisor?: ChildSupervisor;
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
  create: (options: SupervisorOptions) => ChildSupervisor,
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
