// Child processes and cluster workers that main starts: their lives as events, and the living when asked. Nothing holds
// a child: the listeners stand on it, and the registry is weak.
import type { ChildProcess } from 'node:child_process';
import { tracingChannel } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import type { JsonObject, ProbePort } from '@nodelens/core';
import { commandOf } from './command-name.ts';
import { errorFacts, type Starter } from './starters.ts';

const now = Date.now;
const CHANNEL = 'child_process.spawn';
const TOLD = 256;
/** By it node:cluster tells its workers who they are. */
const CLUSTER_ID = 'NODE_UNIQUE_ID=';

interface Spawn {
  readonly process: ChildProcess;
  readonly options?: {
    readonly file?: unknown;
    readonly args?: unknown;
    readonly envPairs?: unknown;
  };
}

interface Living {
  readonly facts: JsonObject;
  readonly child: WeakRef<ChildProcess>;
  readonly leave: () => void;
}

export interface Children {
  /** The newest first, {@link TOLD} at most. */
  living(): readonly JsonObject[];
  stop(): void;
}

export function watchChildren(port: ProbePort, nextId: () => number, starter: Starter): Children {
  const living = new Map<number, Living>();
  const start = (message: unknown): void => {
    try {
      const { process: child, options = {} } = message as Spawn;
      const id = nextId();
      const kind = isClusterWorker(options.envPairs) ? 'cluster' : 'child';
      const facts = { id, kind, ...commandOf(options.file, options.args), startedAtMs: now() };
      port.emit({ what: 'started', ...facts, frame: starter(start), atMs: facts.startedAtMs });
      const leave = follow(child, facts, { port, onGone: () => living.delete(id) });
      living.set(id, { facts, child: new WeakRef(child), leave });
    } catch {
      // A child that is not like Node's own is not told of; the app must not notice.
    }
  };
  const channel = tracingChannel(CHANNEL);
  channel.start.subscribe(start);
  return {
    living: () =>
      [...living.values()]
        .reverse()
        .slice(0, TOLD)
        .map(({ facts, child }) => ({ ...facts, pid: child.deref()?.pid ?? null })),
    stop() {
      channel.start.unsubscribe(start);
      for (const { leave } of living.values()) leave();
      living.clear();
    },
  };
}

const isClusterWorker = (envPairs: unknown): boolean =>
  Array.isArray(envPairs) && envPairs.some((pair) => String(pair).startsWith(CLUSTER_ID));

interface Follow {
  readonly port: ProbePort;
  readonly onGone: () => void;
}

type Facts = { readonly id: number; readonly kind: string; readonly startedAtMs: number };

/** Tells what becomes of it; returns the undo. `errorMonitor` leaves an error as unhandled as it is. */
function follow(child: ChildProcess, { id, kind, startedAtMs }: Facts, { port, onGone }: Follow): () => void {
  const tell = (what: string, facts: JsonObject = {}): void =>
    port.emit({ kind, what, id, atMs: now(), ...facts });
  const onSpawn = (): void => tell('online', { pid: child.pid ?? null });
  const onError = (error: unknown): void => {
    // One that could not be started never exits.
    if (child.pid === undefined) onGone();
    tell('error', { ...errorFacts(error), hasStarted: child.pid !== undefined });
  };
  const onExit = (exitCode: number | null, signal: string | null): void => {
    onGone();
    tell('exited', { exitCode, signal, isKilledByApp: child.killed, livedMs: now() - startedAtMs });
  };
  child.once('spawn', onSpawn);
  (child as EventEmitter).on(EventEmitter.errorMonitor, onError);
  child.once('exit', onExit);
  const ref = new WeakRef(child);
  return () => {
    const still = ref.deref();
    still?.off('spawn', onSpawn);
    (still as EventEmitter | undefined)?.off(EventEmitter.errorMonitor, onError);
    still?.off('exit', onExit);
  };
}
