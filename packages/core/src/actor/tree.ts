// The supervision tree as data: what `nodelens tree` prints. A supervisor tells what it knows of its children (specs,
// restarts, ends); what can be seen of a running actor from outside is added where its thread is (census.ts).
import type { RestartType } from './child-spec.ts';
import type { Strategy } from './restart.ts';
import type { ChildStatus } from './supervisor-options.ts';

export interface TreeNode {
  /** Unique among its siblings. */
  readonly id: string;
  readonly kind: 'supervisor' | 'actor' | 'thread' | 'process';
  readonly status: ChildStatus;
  /** Of a supervisor. */
  readonly strategy?: Strategy;
  readonly restart?: RestartType;
  /** Wall-clock ms since when this life lasts; absent when it does not run. */
  readonly startedAtMs?: number;
  readonly restarts?: number;
  /** How the life before this one ended, as `describeExit` says it. */
  readonly lastExit?: { readonly reason: string; readonly atMs: number };
  readonly vitals?: ActorVitals;
  readonly children?: readonly TreeNode[];
}

/** What can be seen of a running actor without asking it. */
export interface ActorVitals {
  /** Messages that wait, both lanes. */
  readonly mailbox: number;
  /** Heap and external memory of its thread. */
  readonly memoryMb?: number;
  /** CPU of its thread over the last seconds, in percent of one core. */
  readonly cpuPercent?: number;
  /** The kernel's id of its thread, as in `top -H`. */
  readonly tid?: number;
}
