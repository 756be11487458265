// What a thread gets to run an actor with, and how its host watches over it.
import type { MessagePort } from 'node:worker_threads';
import type { ChildSpec } from './child-spec.ts';
import { type HeartWatch, watchHeart } from './heartbeat.ts';
import type { Ports } from './host.ts';

export interface ActorStart {
  readonly spec: ChildSpec;
  readonly port: MessagePort;
  readonly ports: Ports;
  readonly heart: Int32Array;
}

export const DEFAULT_START_MS = 10_000;
export const DEFAULT_SHUTDOWN_MS = 5_000;
const DEFAULT_HEARTBEAT_TIMEOUT_MS = 5_000;

/** Calls `onStill` once when the heart of this spec's thread stands still; returns the undo. */
export function watchActor(
  spec: ChildSpec,
  heart: Int32Array,
  watch: Pick<HeartWatch, 'clock' | 'onStill'>,
): () => void {
  return watchHeart(heart, {
    ...watch,
    startMs: spec.startMs ?? DEFAULT_START_MS,
    timeoutMs: spec.heartbeatTimeoutMs ?? DEFAULT_HEARTBEAT_TIMEOUT_MS,
  });
}
