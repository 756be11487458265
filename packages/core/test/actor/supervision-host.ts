// A host without threads, for tables and property tests of supervisors: actors live until the test ends them. Real
// hosts have their own tests.

import type { ExitReason } from '../../src/actor/exit.ts';
import type { Host } from '../../src/actor/hosts/host.ts';
import type { ActorRef } from '../../src/actor/messages/ref.ts';
import type { ChildSpec } from '../../src/actor/supervision/child-spec.ts';
import { fail } from '../../src/errors.ts';

interface Life {
  readonly ref: ActorRef;
  readonly spec: ChildSpec;
  end(reason: ExitReason): void;
}

export class SupervisionHost implements Host {
  /** `+a` started, `-a` asked to stop, in order. */
  readonly log: string[] = [];
  /** Starts that fail, by id. */
  readonly failing: Map<string, number> = new Map();
  readonly #lives = new Map<ActorRef, Life>();

  /** Ids of the living, with those that live twice twice. */
  get living(): string[] {
    return [...this.#lives.values()].map(({ spec }) => spec.id).sort();
  }

  /** Ends the child by itself. */
  end(id: string, reason: ExitReason): void {
    [...this.#lives.values()].find(({ spec }) => spec.id === id)?.end(reason);
  }

  specOf(id: string): ChildSpec | undefined {
    return [...this.#lives.values()].find(({ spec }) => spec.id === id)?.spec;
  }

  async start(spec: ChildSpec): Promise<ActorRef> {
    const failures = this.failing.get(spec.id) ?? 0;
    this.failing.set(spec.id, Math.max(0, failures - 1));
    if (failures > 0) throw fail('actor_start_failed', { id: spec.id, reason: 'the test wants it' });
    const { promise: exited, resolve } = Promise.withResolvers<ExitReason>();
    const ref: ActorRef = {
      id: spec.id,
      exited,
      tell: () => undefined,
      ask: async () => null,
      onEvent: () => () => undefined,
    };
    const end = (reason: ExitReason): void => {
      this.#lives.delete(ref);
      resolve(reason);
    };
    this.#lives.set(ref, { ref, spec, end });
    this.log.push(`+${spec.id}`);
    return ref;
  }

  async stop(ref: ActorRef): Promise<void> {
    this.log.push(`-${ref.id}`);
    this.#lives.get(ref)?.end({ kind: 'shutdown' });
  }

  async kill(ref: ActorRef): Promise<void> {
    this.#lives.get(ref)?.end({ kind: 'killed', why: 'host-closed' });
  }

  async close(): Promise<void> {
    for (const { ref } of this.#lives.values()) await this.stop(ref);
  }
}

/** Everything that promises alone bring about has happened. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const error = { name: 'Error', message: 'boom' };

export type ReasonName =
  | 'normal'
  | 'shutdown'
  | 'failed'
  | 'exited'
  | 'out of memory'
  | 'unresponsive'
  | 'memory limit'
  | 'cpu limit'
  | 'shutdown deadline'
  | 'host closed';

/** Every way in which a child ends. */
export const reasons: Readonly<Record<ReasonName, ExitReason>> = {
  normal: { kind: 'normal' },
  shutdown: { kind: 'shutdown' },
  failed: { kind: 'failed', error },
  exited: { kind: 'thread-ended', exitCode: 0 },
  'out of memory': { kind: 'thread-ended', exitCode: 1, error },
  unresponsive: { kind: 'killed', why: 'unresponsive' },
  'memory limit': { kind: 'killed', why: 'memory-limit' },
  'cpu limit': { kind: 'killed', why: 'cpu-limit' },
  'shutdown deadline': { kind: 'killed', why: 'shutdown-deadline' },
  'host closed': { kind: 'killed', why: 'host-closed' },
};
