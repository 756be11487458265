// What a supervisor is told, and what it tells.
import type { ChildSpec, RestartType } from './child-spec.ts';
import type { Clock } from './clock.ts';
import type { ExitReason } from './exit.ts';
import type { Host, Ports } from './host.ts';
import type { ActorRef } from './ref.ts';
import type { Backoff, Intensity, Strategy } from './restart.ts';

export type SupervisorEvent =
  | { readonly type: 'child.started'; readonly child: string; readonly ref: ActorRef }
  | { readonly type: 'child.exited'; readonly child: string; readonly reason: ExitReason }
  | {
      readonly type: 'child.restarting';
      readonly child: string;
      /** 1 for the first restart after a good life. */
      readonly attempt: number;
      readonly delayMs: number;
    };

export interface SupervisorOptions extends Partial<Intensity> {
  readonly id: string;
  readonly host: Host;
  /** Default `one_for_one`. */
  readonly strategy?: Strategy;
  readonly backoff?: Partial<Backoff>;
  readonly clock?: Clock;
  /** 0 to 1, for the jitter. Default Math.random. */
  readonly random?: () => number;
  /** Fresh ports for each start of a child. */
  readonly prepare?: (spec: ChildSpec) => Ports | Promise<Ports>;
  readonly onEvent?: (event: SupervisorEvent) => void;
  /** Called once, after all children are gone, with a `supervisor_gave_up` error. */
  readonly onGaveUp?: (error: Error) => void;
}

export type ChildStatus = 'running' | 'restarting' | 'stopped';

export interface ChildInfo {
  readonly id: string;
  readonly status: ChildStatus;
  readonly restart: RestartType;
  readonly restarts: number;
}
