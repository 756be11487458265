// What a supervisor is told, and what it tells.

import type { Clock } from '../clock.ts';
import type { ExitReason } from '../exit.ts';
import type { Host, Ports } from '../hosts/host.ts';
import type { ActorRef } from '../messages/ref.ts';
import type { ChildSpec, RestartType } from './child-spec.ts';
import type { Backoff, Intensity, Strategy } from './restart.ts';

/** What happens to a child, and to the supervisor itself; `supervisor` is the id of whoever tells it. */
export type SupervisorEvent = { readonly supervisor: string } & (
  | { readonly type: 'child.started'; readonly child: string /** Of an actor. */; readonly ref?: ActorRef }
  | { readonly type: 'child.exited'; readonly child: string; readonly reason: ExitReason }
  | {
      readonly type: 'child.restarting';
      readonly child: string;
      /** 1 for the first restart after a good life. */
      readonly attempt: number;
      readonly delayMs: number;
    }
  /** A new version runs in its place; the old one is being stopped, which is not told as an exit. */
  | { readonly type: 'child.replaced'; readonly child: string /** Of an actor. */; readonly ref?: ActorRef }
  /** Its children have failed too often and are gone, and so is it. */
  | { readonly type: 'supervisor.gave_up'; readonly error: Error }
);

export interface SupervisorOptions extends Partial<Intensity> {
  readonly id: string;
  /** Where its actors run, and those of the supervisors below it. */
  readonly host: Host;
  /** Default `one_for_one`. */
  readonly strategy?: Strategy;
  readonly backoff?: Partial<Backoff>;
  readonly clock?: Clock;
  /** 0 to 1, for the jitter. Default Math.random. */
  readonly random?: () => number;
  /** Fresh ports for each start of an actor. */
  readonly prepare?: (spec: ChildSpec) => Ports | Promise<Ports>;
  /** Told by this supervisor and by all below it. */
  readonly onEvent?: (event: SupervisorEvent) => void;
  /** Something that `tree()` tells is different now. */
  readonly onChange?: () => void;
}

export type ChildStatus = 'running' | 'restarting' | 'stopped';

export interface ChildInfo {
  readonly id: string;
  readonly kind: 'actor' | 'supervisor';
  readonly status: ChildStatus;
  readonly restart: RestartType;
  /** Times that it was started again by policy. */
  readonly restarts: number;
  /** Wall-clock ms; absent when it does not run. */
  readonly startedAtMs?: number;
  /** How the life before this one ended. */
  readonly lastExit?: { readonly reason: string; readonly atMs: number };
}

export interface ChildCounts {
  readonly specs: number;
  /** Of them. */
  readonly supervisors: number;
  readonly running: number;
  readonly restarting: number;
  readonly stopped: number;
}
