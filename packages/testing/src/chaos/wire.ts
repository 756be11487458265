// What travels: inside the service between its threads (a BroadcastChannel), and between the service, the load
// generator and the harness (IPC).
import type { JsonObject } from '@nodelens/core';
import type { Fault } from './faults.ts';
import type { Action } from './schedule.ts';

/** Threads of the service listen to it for faults, and tell on it what they do. */
export const CHANNEL = 'nodelens-chaos';

export type ThreadMessage =
  /** For the thread that answers to that name: `recorder`, or the name of a continuous operator. */
  | { readonly type: 'order'; readonly to: string; readonly id: number; readonly fault: Fault }
  /** Told right before it is carried out. */
  | { readonly type: 'begun'; readonly id: number; readonly where: string; readonly fault: Fault }
  /** A tool of Nodelens has said to a model that this finding is kept. */
  | { readonly type: 'acknowledged'; readonly kind: FindingKind; readonly id: string };

export type FindingKind = 'notification' | 'insight';

export type ServiceCommand =
  | { readonly type: 'attach' }
  | { readonly type: 'act'; readonly action: Action }
  /** Runs that must succeed: what was disturbed works again. */
  | { readonly type: 'check' }
  /** Main's heap after a full collection. */
  | { readonly type: 'measure' }
  | { readonly type: 'detach' }
  | { readonly type: 'end' };

export type ServiceReport =
  | { readonly type: 'ready'; readonly port: number }
  | { readonly type: 'attached'; readonly resources: Resources; readonly controlPath: string | undefined }
  | { readonly type: 'detached'; readonly resources: Resources; readonly stopMs: number }
  | { readonly type: 'measured'; readonly heapMb: number }
  | { readonly type: 'checked'; readonly complaints: readonly string[] }
  | { readonly type: 'settled'; readonly run: SettledRun }
  | { readonly type: 'thread'; readonly message: ThreadMessage }
  | { readonly type: 'event'; readonly event: JsonObject & { readonly type: string } }
  /** Once a second. */
  | { readonly type: 'tick'; readonly heapMb: number; readonly events: Readonly<Record<string, number>> }
  | { readonly type: 'violation'; readonly what: string };

/** How a run ended, as its caller saw it. */
export interface SettledRun {
  readonly id: number;
  readonly kind: 'operator-run' | 'coordinator-run' | 'socket-run';
  /** The status of its result, or the code of its error. */
  readonly ended: string;
  /** From its turn on. */
  readonly durationMs: number;
  /** What is wrong with what it answered. */
  readonly complaint?: string;
}

/** What a process holds; compared before and after. */
export interface Resources {
  readonly threads: number;
  /** Child processes that run. */
  readonly children: number;
  /** Those that have ended and are not reaped. */
  readonly zombies: number;
  /** Open file descriptors by kind. */
  readonly files: Readonly<Record<string, number>>;
  /** `process.getActiveResourcesInfo()`, counted. */
  readonly handles: Readonly<Record<string, number>>;
  /** Listeners on `process`, by event. */
  readonly listeners: Readonly<Record<string, number>>;
}

export interface LoadJob {
  readonly port: number;
  readonly perSecond: number;
  readonly connections: number;
  readonly windowMs: number;
}

export type LoadCommand = { readonly type: 'start'; readonly job: LoadJob } | { readonly type: 'finish' };

export interface LoadWindow {
  /** Wall-clock ms. */
  readonly startedAtMs: number;
  /** From the intended time of sending until the whole answer was there, in ms. */
  readonly latencies: readonly number[];
}

export interface LoadResult {
  readonly type: 'result';
  readonly windows: readonly LoadWindow[];
  readonly sent: number;
  readonly answered: number;
  /** What was no answer with status 200, counted by reason. */
  readonly failures: Readonly<Record<string, number>>;
}
