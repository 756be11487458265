// The recorder as main sees it. Its start is fully synchronous, so that it works inside an inspector interrupt of a
// main thread that is stuck; its stop leaves no thread, handle, listener or wrapper behind.
import { MessageChannel, type MessagePort, type Worker } from 'node:worker_threads';
import { type ExitReason, threadFailure } from '../actor/exit.ts';
import type { Connect, ServiceName } from '../actor/hosts/services.ts';
import { keepAlive } from '../actor/keep-alive.ts';
import { createHeart } from '../actor/limits/heartbeat.ts';
import { within } from '../actor/within.ts';
import { fail, fromWire, reasonOf } from '../errors.ts';
import type { JsonValue } from '../json.ts';
import type { SkillSpec } from '../skill.ts';
import { askClose, createExitWord, type ExitWord, isGone, markGone } from './exit-word.ts';
import { createSharedMemory } from './heartbeat.ts';
import { watchLife } from './life-watch.ts';
import type { FromRecorder, ToRecorder } from './link.ts';
import { installExitGuard } from './on-main/exit-guard.ts';
import { createProbeRunner, type ProbeRunner } from './on-main/probe-runner.ts';
import { startProbes } from './on-main/probes.ts';
import type { RecorderHandle, RecorderOptions } from './recorder-handle.ts';
import { spawnRecorder } from './spawn-recorder.ts';
import { createVaults } from './store/vaults.ts';

// Taken at load, so that a stop ends even under a test's fake timers.
const startTimer = setTimeout;

/** Longest orderly end of control socket, launcher and operators, in ms: with what comes before and after, 10 s. */
const STOP_MS = 4_500;
/** Longest wait for the session's end, in ms. */
const SESSION_MS = 1_000;
/** Longest wait for the thread's end, in ms; it takes 10 where nothing is wrong. */
const TERMINATE_MS = 1_000;
const SESSION_CHECK_MS = 2;
/** Survives two copies of this package in one process. */
const RUNNING = Symbol.for('nodelens.recorder');

/**
 * Starts the probes and the recorder thread, without waiting for anything.
 * @throws NodelensError `lens_already_started` when one runs in this process, `recorder_unavailable` when no thread
 * can be started.
 */
export function startRecorder(options: RecorderOptions): RecorderHandle {
  const global = globalThis as { [RUNNING]?: boolean };
  if (global[RUNNING]) throw fail('lens_already_started');
  global[RUNNING] = true;
  return new Recorder(options, () => {
    delete global[RUNNING];
  });
}

class Recorder implements RecorderHandle {
  readonly #word: ExitWord = createExitWord();
  readonly #link: MessagePort;
  readonly #worker: Worker;
  readonly #ready = Promise.withResolvers<void>();
  readonly #stopped = Promise.withResolvers<void>();
  readonly #exited = Promise.withResolvers<void>();
  readonly #connects = new Set<Connect>();
  readonly #messages = new Set<(message: JsonValue) => void>();
  readonly #exits = new Set<(reason: ExitReason) => void>();
  readonly #seconds = new Set<() => void>();
  readonly #undo: (() => void)[];
  readonly #probes: ProbeRunner = createProbeRunner((key, events) =>
    this.#post({ type: 'probe-events', key, events }),
  );
  #error: unknown;
  #isReady = false;
  #stopping: Promise<void> | undefined;

  constructor(options: RecorderOptions, release: () => void) {
    const { skills, init, armed = {}, dataDir, vaults = createVaults() } = options;
    const shared = createSharedMemory();
    const heart = createHeart();
    const { port1, port2 } = new MessageChannel();
    this.#link = port1;
    this.#undo = [
      release,
      startProbes(
        shared,
        (late) => this.#post({ type: 'awake', ...(late && { late }) }),
        () => this.#seconds.forEach((run) => void run()),
      ),
      installExitGuard({ word: this.#word, terminate: () => void this.#worker.terminate() }),
      () => this.#probes.stop(),
    ];
    const execArgv = process.execArgv;
    try {
      this.#worker = spawnRecorder({
        shared,
        word: this.#word,
        link: port2,
        heart,
        skills,
        init,
        armed,
        ...(dataDir !== undefined && { dataDir }),
        vaults,
        service: process.argv[1] ?? '',
        probes: skills.flatMap((skill) => this.#probes.start(skill)),
        execArgv,
      });
    } catch (error) {
      // No permission for threads, or options that cannot be cloned.
      this.#removeTraces();
      throw fail('recorder_unavailable', { reason: reasonOf(error) }, { cause: error });
    }
    const clock = { every: (_: number, run: () => void) => register(this.#seconds, run) };
    const thread = this.#worker;
    const isReady = (): boolean => this.#isReady;
    this.#undo.push(watchLife({ clock, heart, thread, isReady, onStill: () => this.#onStill() }));
    // It may come twice; the second without a listener would be thrown here.
    this.#worker.on('error', (error) => {
      this.#error ??= error;
    });
    this.#worker.once('exit', (code) => this.#onThreadEnd(threadFailure(code, this.#error)));
    this.#link.on('message', (message: FromRecorder) => this.#receive(message));
    // Listening has ref'd the port; nothing of ours keeps the process alive.
    this.#link.unref();
    this.#worker.unref();
    // Whoever does not look at `ready` must not be hit by an unhandled rejection.
    this.#ready.promise.catch(() => undefined);
  }

  get ready(): Promise<void> {
    if (!this.#isReady) {
      const done = keepAlive();
      void this.#ready.promise.then(done, done);
    }
    return this.#ready.promise;
  }

  connect(service: ServiceName, port: MessagePort): void {
    if (this.#undo.length === 0) port.close();
    else this.#post({ type: 'connect', service, port }, [port]);
  }

  onConnect(listener: Connect): () => void {
    return register(this.#connects, listener);
  }

  post(message: JsonValue): void {
    this.#post({ type: 'message', message });
  }

  startProbe(skill: SkillSpec): void {
    if (this.#undo.length === 0) return;
    for (const link of this.#probes.start(skill)) this.#post({ type: 'probe', link });
  }

  settleProbes(skill: SkillSpec): void {
    this.#probes.settle(skill);
  }

  onMessage(listener: (message: JsonValue) => void): () => void {
    return register(this.#messages, listener);
  }

  onExit(listener: (reason: ExitReason) => void): () => void {
    return register(this.#exits, listener);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  #post(message: ToRecorder, ports: readonly MessagePort[] = []): void {
    this.#link.postMessage(message, ports);
  }

  #receive(message: FromRecorder): void {
    switch (message.type) {
      case 'ready':
        this.#isReady = true;
        this.#ready.resolve();
        break;
      case 'start-failed':
        this.#ready.reject(fromWire(message.error));
        break;
      case 'connect':
        if (this.#connects.size === 0) message.port.close();
        for (const listener of this.#connects) listener(message.service, message.port);
        break;
      case 'message':
        for (const listener of this.#messages) listener(message.message);
        break;
      case 'stopped':
        this.#stopped.resolve();
        break;
      case 'failed':
        this.#error = fromWire(message.error);
        void this.#worker.terminate();
        break;
      default:
        message satisfies never;
    }
  }

  /** It is stuck in its own code. Main is not (it looked), so ending the thread with its session open is safe. */
  #onStill(): void {
    this.#error ??= fail('recorder_unavailable', { reason: 'it did not answer any more and was ended' });
    void this.#worker.terminate();
  }

  async #stop(): Promise<void> {
    const done = keepAlive();
    this.#post({ type: 'stop' });
    await within(STOP_MS, Promise.race([this.#stopped.promise, this.#exited.promise]));
    askClose(this.#word);
    const until = performance.now() + SESSION_MS;
    // Main serves the session's end in its loop; having seen the word here means that its side is done.
    while (!isGone(this.#word) && performance.now() < until) await after(SESSION_CHECK_MS);
    void this.#worker.terminate();
    // A thread below it may be in a loop that nothing interrupts (docs/chaos.md): it is left behind, and told to nobody.
    await within(TERMINATE_MS, this.#exited.promise);
    this.#removeTraces();
    done();
  }

  #removeTraces(): void {
    for (const undo of this.#undo.splice(0)) undo();
    this.#link.close();
  }

  #onThreadEnd(reason: ExitReason): void {
    markGone(this.#word);
    this.#removeTraces();
    this.#exited.resolve();
    const cause = this.#error;
    this.#ready.reject(
      fail('recorder_unavailable', { reason: reasonOf(cause ?? 'it has ended') }, { cause }),
    );
    if (this.#stopping === undefined) for (const listener of this.#exits) listener(reason);
  }
}

function register<T>(set: Set<T>, listener: T): () => void {
  set.add(listener);
  return () => set.delete(listener);
}

const after = (ms: number): Promise<void> => new Promise((resolve) => startTimer(resolve, ms));
