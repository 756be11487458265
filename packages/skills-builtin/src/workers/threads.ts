// The app's worker threads as main sees them: their lives as events, and the living when asked. Nothing holds a worker:
// the listeners stand on it, and the registry is weak.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import type { JsonObject, JsonValue, ProbePort } from '@nodelens/core';
import { boundedName } from './bounds.ts';
import { watchPosts } from './posts.ts';
import { createReading, type Reading } from './reading.ts';
import { errorFacts, type Starter } from './starters.ts';
import { watchWorkerFiles } from './worker-files.ts';
import { createWorkerProfile, type WorkerProfile } from './worker-profile.ts';
import { createWorkerStacks, type WorkerStacks } from './worker-stacks.ts';

const now = Date.now;
const CHANNEL = 'worker_threads';
const OWN = /^nl:/;
/** What Node calls a thread without a name. */
const NAMELESS = 'WorkerThread';
const TOLD = 64;

interface Living {
  readonly worker: WeakRef<Worker>;
  readonly facts: JsonObject;
  readonly reading: Reading;
  readonly profile: WorkerProfile;
  readonly stacks: WorkerStacks;
  readonly leave: () => void;
}

/** Of what takes longer than an answer may. */
export type Step = 'begin' | 'take';

export interface Threads {
  /** The newest first, {@link TOLD} at most. */
  living(isMeasured: boolean): readonly JsonObject[];
  /** Begins a CPU profile of the worker, or gives the text of the one that has ended. */
  profile(id: number, step: Step): JsonValue;
  /** The same with a few of its stacks. */
  stacks(id: number, step: Step): JsonValue;
  /** What main has posted to it, as posts.ts; `null` when it is not known. */
  posts(id: number, withinMs: number): JsonValue;
  stop(): void;
}

export function watchThreads(port: ProbePort, nextId: () => number, starter: Starter): Threads {
  const living = new Map<number, Living>();
  const files = watchWorkerFiles();
  const posts = watchPosts();
  const onWorker = (message: unknown): void => {
    try {
      const { worker } = message as { worker: Worker };
      if (OWN.test(worker.threadName ?? '')) return;
      const frame = starter(files.constructing ?? onWorker);
      const facts = factsOf(nextId(), worker, files.file);
      port.emit({ kind: 'worker', what: 'started', ...facts, frame, atMs: facts.startedAtMs });
      living.set(facts.id, {
        worker: new WeakRef(worker),
        facts: { ...facts, frame },
        reading: createReading(),
        profile: createWorkerProfile(),
        stacks: createWorkerStacks(),
        leave: follow(worker, facts, { port, onGone: () => living.delete(facts.id) }),
      });
    } catch {
      // A worker that is not like Node's own is not told of; the app must not notice.
    }
  };
  subscribe(CHANNEL, onWorker);
  return {
    living: (isMeasured) =>
      [...living.values()]
        .reverse()
        .slice(0, TOLD)
        .flatMap((one) => describe(one, isMeasured)),
    profile: (id, step) => stepOf(living.get(id), 'profile', step),
    stacks: (id, step) => stepOf(living.get(id), 'stacks', step),
    posts(id, withinMs) {
      const worker = living.get(id)?.worker.deref();
      return worker === undefined ? null : posts.of(worker, withinMs);
    },
    stop() {
      unsubscribe(CHANNEL, onWorker);
      files.stop();
      posts.stop();
      for (const { leave } of living.values()) leave();
      living.clear();
    },
  };
}

function stepOf(one: Living | undefined, what: 'profile' | 'stacks', step: Step): JsonValue {
  const worker = one?.worker.deref();
  if (one === undefined || worker === undefined) return null;
  return step === 'begin' ? one[what].begin(worker) : one[what].take();
}

type Facts = {
  readonly id: number;
  readonly name: string;
  readonly threadId: number;
  readonly startedAtMs: number;
  readonly file?: string;
  readonly heapLimitMb?: number;
};

function factsOf(id: number, worker: Worker, file: string | undefined): Facts {
  const name = boundedName(worker.threadName);
  const heapLimitMb = worker.resourceLimits?.maxOldGenerationSizeMb;
  return {
    id,
    name: name === undefined || name === NAMELESS ? (file ?? NAMELESS) : name,
    threadId: worker.threadId,
    startedAtMs: now(),
    ...(file !== undefined && { file }),
    ...(heapLimitMb !== undefined && heapLimitMb > 0 && { heapLimitMb }),
  };
}

interface Follow {
  readonly port: ProbePort;
  readonly onGone: () => void;
}

/** Tells what becomes of it; returns the undo. `errorMonitor` leaves an error as unhandled as it is. */
function follow(worker: Worker, { id, startedAtMs }: Facts, { port, onGone }: Follow): () => void {
  const tell = (what: string, facts: JsonObject = {}): void =>
    port.emit({ kind: 'worker', what, id, atMs: now(), ...facts });
  const onOnline = (): void => tell('online');
  const onError = (error: unknown): void => tell('error', errorFacts(error));
  const onMessageError = (): void => tell('message-error');
  const onExit = (exitCode: number): void => {
    onGone();
    tell('exited', { exitCode, livedMs: now() - startedAtMs });
  };
  worker.once('online', onOnline);
  worker.on(EventEmitter.errorMonitor, onError);
  worker.on('messageerror', onMessageError);
  worker.once('exit', onExit);
  const ref = new WeakRef(worker);
  return () => {
    const still = ref.deref();
    still?.off('online', onOnline);
    still?.off(EventEmitter.errorMonitor, onError);
    still?.off('messageerror', onMessageError);
    still?.off('exit', onExit);
  };
}

function describe({ worker, facts, reading }: Living, isMeasured: boolean): readonly JsonObject[] {
  const still = worker.deref();
  if (still === undefined) return [];
  return [{ ...facts, ...reading.of(still, isMeasured) }];
}
