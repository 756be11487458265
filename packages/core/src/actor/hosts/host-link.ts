// What a host says to its server over a port, and hears.
import type { MessagePort } from 'node:worker_threads';
import type { ExitReason, KillCause } from '../exit.ts';
import type { ChildSpec } from '../supervision/child-spec.ts';
import type { Ports } from './host.ts';

export type ToServer =
  | {
      readonly type: 'run';
      readonly runId: number;
      /** On the thread that is parked under this id, if it still is. */
      readonly parkId?: number;
      readonly spec: ChildSpec;
      readonly port: MessagePort;
      readonly ports: Ports;
    }
  | { readonly type: 'park'; readonly parkId: number; readonly modules: readonly string[] }
  | { readonly type: 'unpark'; readonly parkId: number }
  | { readonly type: 'cancel-start'; readonly runId: number }
  | { readonly type: 'kill'; readonly runId: number; readonly why: KillCause };

export type ToClient =
  | { readonly type: 'ended'; readonly runId: number; readonly reason: ExitReason }
  | { readonly type: 'park-ended'; readonly parkId: number }
  /** The server is about to close: stop your actors. */
  | { readonly type: 'closing' };
