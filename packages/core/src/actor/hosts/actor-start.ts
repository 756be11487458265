// What a thread gets to run an actor with, and how its host watches over it.
import type { MessagePort, Worker } from 'node:worker_threads';
import type { Clock } from '../clock.ts';
import type { KillCause } from '../exit.ts';
import { DEFAULT_MAX_CPU_SHARE, limitCpu } from '../limits/cpu-limit.ts';
import { watchCpu } from '../limits/cpu-watch.ts';
import { heartWord, watchHeart } from '../limits/heartbeat.ts';
import { watchMemory } from '../limits/memory-watch.ts';
import { giveWay } from '../limits/slow-down.ts';
import type { ChildSpec } from '../supervision/child-spec.ts';
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
export const DEFAULT_MEMORY_MB = 128;

export interface ActorWatch {
  readonly clock: Clock;
  /** The thread that runs it; undefined as long as it is not known. */
  readonly thread: () => Worker | undefined;
  onDoomed(why: KillCause): void;
}

/** Tells when the actor's thread stands still or outgrows its memory or CPU, and keeps its vitals; returns the undo. */
export function watchActor(
  { spec, heart }: Pick<ActorStart, 'spec' | 'heart'>,
  watch: ActorWatch,
): () => void {
  const { clock, thread, onDoomed } = watch;
  const heartbeatTimeoutMs = spec.heartbeatTimeoutMs ?? DEFAULT_HEARTBEAT_TIMEOUT_MS;
  const unwatchHeart = watchHeart(heart, {
    clock,
    startMs: spec.startMs ?? DEFAULT_START_MS,
    timeoutMs: heartbeatTimeoutMs,
    // The service must not wait for a core while it is found out whether this is the end.
    onStanding: () => giveWay(Atomics.load(heart, heartWord.tid)),
    onStill: () => onDoomed('unresponsive'),
  });
  const unwatchMemory = watchMemory(thread, {
    clock,
    limitMb: spec.memoryMb ?? DEFAULT_MEMORY_MB,
    onRead: (bytes) => Atomics.store(heart, heartWord.memoryKb, Math.round(bytes / 1_024)),
    onExceeded: () => onDoomed('memory-limit'),
  });
  const onShare = limitCpu(heart, {
    maxShare: spec.maxCpuShare ?? DEFAULT_MAX_CPU_SHARE,
    heartbeatTimeoutMs,
    onDoomed: () => onDoomed('cpu-limit'),
  });
  const unwatchCpu = watchCpu(heart, { clock, thread, onShare });
  return () => {
    unwatchHeart();
    unwatchMemory();
    unwatchCpu();
  };
}
