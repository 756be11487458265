// The composition root: what runs where and who knows whom. One system per process.
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { describeExit, type ExitReason } from './actor/exit.ts';
import type { Host } from './actor/host.ts';
import { createInProcessHost } from './actor/in-process-host.ts';
import { connectHost } from './actor/remote-host.ts';
import type { ServiceName } from './actor/services.ts';
import type { Supervisor } from './actor/supervisor.ts';
import { fail, toWire } from './errors.ts';
import { type OperatorPlan, resolvePlans } from './operator/plan.ts';
import { type SupervisedRecorder, superviseRecorder } from './recorder/supervised-recorder.ts';
import { startContinuous } from './system/continuous.ts';
import { type CoordinatorHandle, createCoordinatorHandle } from './system/coordinator-handle.ts';
import { createOperatorHandle, type OperatorHandle } from './system/operator-handle.ts';
import { type NodelensOptions, validateOptions } from './system/options.ts';
import { planOperators } from './system/plan-operators.ts';
import type { RecorderInit, RecorderNews } from './system/recorder-init.ts';
import { createSkillAccess, type SkillAccess } from './system/skill-access.ts';
import { createEmitter, type Emitter, type LensListener } from './telemetry/emit.ts';
import type { LensEvent, LensEventType } from './telemetry/events.ts';

/** A running system. Start with {@link Nodelens.start}. */
export class Nodelens {
  static #current: Nodelens | undefined;

  /** Investigations: several operators, correlated into insights. */
  readonly coordinator: CoordinatorHandle;
  /** Single operator runs. */
  readonly operator: OperatorHandle;

  readonly #emitter: Emitter = createEmitter();
  readonly #recorder: SupervisedRecorder;
  readonly #skills: SkillAccess;
  readonly #local: Host = createInProcessHost();
  readonly #plans: readonly OperatorPlan[];
  #launcher: Promise<Host> | undefined;
  #continuous: Supervisor | undefined;
  #stopped: Promise<void> | undefined;
  #controlPath: string | undefined;

  /** The running system of this process, if there is one. */
  static get current(): Nodelens | undefined {
    return Nodelens.#current;
  }

  /**
   * Attaches Nodelens to this process. The recorder and the probes run when the call returns its promise, even if the
   * main thread is blocked right after; the promise resolves when the recorder answers.
   * @throws NodelensError `option_invalid`, `operator_duplicate`, `skill_*`, `lens_already_started`,
   * `recorder_unavailable`.
   */
  static async start(options: NodelensOptions = {}): Promise<Nodelens> {
    if (Nodelens.#current !== undefined) throw fail('lens_already_started');
    const lens = new Nodelens(validateOptions(options));
    Nodelens.#current = lens;
    try {
      await lens.#recorder.ready;
      await lens.#startContinuous();
      return lens;
    } catch (error) {
      await lens.stop();
      throw error;
    }
  }

  private constructor(options: NodelensOptions) {
    const planned = planOperators(options);
    this.#plans = planned.plans;
    this.#skills = createSkillAccess(planned, (service, port) => this.#recorder.connect(service, port));
    const init: RecorderInit = {
      operators: planned.plans,
      model: planned.model,
      mainSkills: this.#skills.mainDescriptors(),
      control: controlOf(options.control),
    };
    this.#recorder = superviseRecorder({
      skills: planned.recorderSkills,
      init: init as unknown as Parameters<typeof superviseRecorder>[0]['init'],
      ...(options.armed && { armed: options.armed }),
    });
    this.#recorder.onConnect(this.#skills.mainServices.connect);
    this.#recorder.onExit((reason, willRestart) => this.#recorderExited(reason, willRestart));
    this.#recorder.onRestart(() => this.#emitter.emit({ type: 'recorder.restarted' }));
    this.#recorder.onMessage((message) => this.#receive(message as unknown as RecorderNews));
    const onEvent = (event: LensEvent): void => this.#emitter.emit(event);
    const assertRunning = (): void => {
      if (this.#stopped !== undefined) throw fail('lens_stopped');
    };
    this.coordinator = createCoordinatorHandle({
      host: this.#local,
      ports: () => ({
        launcher: this.#port('launcher'),
        ...(planned.liveModel && { 'main-model': this.#port('main-model') }),
      }),
      specs: () => resolvePlans(planned.plans, this.#skills.describe),
      model: planned.model,
      onEvent,
      assertRunning,
    });
    this.operator = createOperatorHandle({
      host: () => this.#launcherHost(),
      plans: planned.plans,
      model: planned.model,
      describe: this.#skills.describe,
      load: this.#skills.load,
      onEvent,
      assertRunning,
    });
  }

  /** Path of the control socket; undefined until it listens, or when there is none. */
  get controlPath(): string | undefined {
    return this.#controlPath;
  }

  /** Listens to one kind of event; returns the undo. The same events are on diagnostics_channel (docs/telemetry.md). */
  on<T extends LensEventType>(type: T, listener: LensListener<T>): () => void {
    return this.#emitter.on(type, listener);
  }

  /**
   * Stops everything: runs are cancelled, model calls aborted, threads and the sandbox process ended, listeners
   * removed. Idempotent; the process can end by itself afterwards.
   */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #startContinuous(): Promise<void> {
    const plans = this.#plans.filter((plan) => plan.mode === 'continuous');
    if (plans.length === 0) return;
    this.#continuous = await startContinuous({
      host: await this.#launcherHost(),
      specs: await resolvePlans(plans, this.#skills.describe),
      onEvent: (event) => this.#emitter.emit(event),
    });
  }

  #launcherHost(): Promise<Host> {
    this.#launcher ??= Promise.resolve(connectHost(() => this.#port('launcher')));
    return this.#launcher;
  }

  /** A port to a service, wherever it is served. */
  #port(service: ServiceName): MessagePort {
    const { port1, port2 } = new MessageChannel();
    if (service === 'main-model') this.#skills.mainServices.connect(service, port2);
    else this.#recorder.connect(service, port2);
    return port1;
  }

  #receive(news: RecorderNews): void {
    switch (news.type) {
      case 'event':
        this.#emitter.emit(news.event);
        break;
      case 'control.listening':
        this.#controlPath = news.path;
        break;
      case 'control.failed':
        process.emitWarning(news.message, { type: 'NodelensWarning', code: 'NODELENS_CONTROL' });
        break;
      default:
        news satisfies never;
    }
  }

  #recorderExited(reason: ExitReason, willRestart: boolean): void {
    const error = toWire(fail('recorder_unavailable', { reason: describeExit(reason) }));
    this.#emitter.emit({ type: 'recorder.exited', error, willRestart });
  }

  async #stop(): Promise<void> {
    await this.#continuous?.stop();
    await this.#local.close();
    const launcher = await this.#launcher?.catch(() => undefined);
    await launcher?.close();
    this.#skills.close();
    await this.#recorder.stop();
    this.#emitter.close();
    if (Nodelens.#current === this) Nodelens.#current = undefined;
  }
}

const controlOf = (control: NodelensOptions['control'] = true): RecorderInit['control'] =>
  control === false ? null : typeof control === 'string' ? { directory: control } : {};
