// The supervision tree as data: what `nodelens tree` prints. A supervisor tells what it knows of its children (specs,
// restarts, ends); what can be seen of a running actor from outside is added where its thread is (census.ts).

import type { Census } from '../hosts/census.ts';
import type { ActorVitals } from '../limits/actor-vitals.ts';
import type { ChildSpec, RestartType } from './child-spec.ts';
import type { Strategy } from './restart.ts';
import type { ChildStatus } from './supervisor-options.ts';

export interface TreeNode {
  /** Unique among its siblings. */
  readonly id: string;
  readonly kind: 'supervisor' | 'actor' | 'thread' | 'pool' | 'process';
  /** `hibernated`: a continuous operator that rests; with `vitals` its thread is there for a round that is about to begin. */
  readonly status: ChildStatus | 'hibernated';
  /** Of a supervisor. */
  readonly strategy?: Strategy;
  readonly restart?: RestartType;
  /** Of an actor. */
  readonly placement?: ChildSpec['placement'];
  /** Wall-clock ms since when this life lasts; absent when it does not run. */
  readonly startedAtMs?: number;
  readonly restarts?: number;
  /** How the life before this one ended, as `describeExit` says it. */
  readonly lastExit?: { readonly reason: string; readonly atMs: number };
  /** Of a continuous operator: when it was woken last, why, and what had fired. */
  readonly woken?: { readonly atMs: number; readonly why: string; readonly detail: string };
  readonly vitals?: ActorVitals;
  /** Of a process. */
  readonly pid?: number;
  /** Of the pool of threads: those that exist, idle ones included, and actors that wait for one. */
  readonly pool?: Census['pool'];
  /** Main has been blocked since then (wall-clock ms) and could not tell anything newer of this node. */
  readonly asOfMs?: number;
  readonly children?: readonly TreeNode[];
}
