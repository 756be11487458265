// Who runs where at this moment, told by the thread that started them (the launcher): for the tree.
import type { ChildSpec } from './child-spec.ts';
import type { ActorVitals } from './tree.ts';

export interface CensusEntry {
  readonly id: string;
  readonly placement: ChildSpec['placement'];
  /** Wall-clock ms. */
  readonly startedAtMs: number;
  readonly vitals: ActorVitals;
}

export interface Census {
  readonly actors: readonly CensusEntry[];
  /** Pooled threads that exist now, idle ones included, and actors that wait for one. */
  readonly pool: { readonly threads: number; readonly waiting: number };
  /** Pid of the sandbox process; absent while there is none. */
  readonly sandboxPid?: number;
}
