// The composition root: what runs where and who knows whom. One system per process.
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { describeExit, type ExitReason } from './actor/exit.ts';
import type { ServiceName } from './actor/hosts/services.ts';
import type { TreeNode } from './actor/supervision/tree.ts';
import { within } from './actor/within.ts';
import { fail, toWire } from './errors.ts';
import type { JsonValue } from './json.ts';
import { ensureDataDirectory } from './recorder/store/data-directory.ts';
import type { HistoryQuery, StoredHistory } from './recorder/store/desk.ts';
import { type SupervisedRecorder, superviseRecorder } from './recorder/supervised-recorder.ts';
import type { UsageReport } from './spending/usage-report.ts';
import type { CoordinatorHandle } from './system/coordinator-handle.ts';
import { held } from './system/held.ts';
import { connectTelemetry } from './system/open-telemetry.ts';
import type { OperatorHandle } from './system/operator-handle.ts';
import { type NodelensOptions, validateOptions } from './system/options.ts';
import { type Planned, planOperators, recorderStart } from './system/plan-operators.ts';
import type { MainNews, RecorderNews } from './system/recorder-init.ts';
import type { Runs } from './system/runs.ts';
import { createSkillAccess, type SkillAccess } from './system/skill-access.ts';
import { createTelling, type Telling } from './system/telling.ts';
import type { Listen } from './telemetry/emit.ts';

/** The running system is the process's, not this module's: the bundled `nodelens/register` is another copy of it. */
const CURRENT = Symbol.for('nodelens.current');
const holder = process as { [CURRENT]?: Nodelens };

// Taken at load: a user's fake timers must not let the process end.
const nextTurn = setImmediate;
/** Longest orderly end of operators and investigations, in ms; what is left of them then ends with the recorder. */
const RUNS_STOP_MS = 4_000;

/** A running system. Start with {@link Nodelens.start}. */
export class Nodelens {
  /** Investigations: several operators, correlated into insights. */
  readonly coordinator: CoordinatorHandle;
  /** Single operator runs. */
  readonly operator: OperatorHandle;

  readonly #recorder: SupervisedRecorder;
  readonly #skills: SkillAccess;
  readonly #planned: Planned;
  /** Whoever started us had a turn to listen: what earlier lives left is told after that. */
  readonly #heard: PromiseWithResolvers<void> = Promise.withResolvers<void>();
  readonly #telling: Telling = createTelling({
    post: (news) => this.#tellRecorder(news),
    heard: this.#heard.promise,
  });
  #disconnect = (): void => undefined;
  #runs: Promise<Runs> | undefined;
  #stopped: Promise<void> | undefined;
  #treeNews: NodeJS.Immediate | undefined;
  readonly #startedAtMs = Date.now();

  /** The running system of this process, if there is one. */
  static get current(): Nodelens | undefined {
    return holder[CURRENT];
  }

  /**
   * Attaches Nodelens to this process. The recorder and the probes run when the call returns its promise, even if the
   * main thread is blocked right after; the promise resolves when the recorder answers.
   * @throws NodelensError `option_invalid`, `operator_duplicate`, `operator_unknown`, `schedule_invalid`, `skill_*`,
   * `lens_already_started`, `recorder_unavailable`.
   */
  static async start(options: NodelensOptions = {}): Promise<Nodelens> {
    if (holder[CURRENT] !== undefined) throw fail('lens_already_started');
    const lens = new Nodelens(validateOptions(options));
    Object.defineProperty(holder, CURRENT, { value: lens, configurable: true });
    try {
      await lens.#recorder.ready;
      lens.#disconnect = await connectTelemetry(lens, options.telemetry);
      const isContinuous = lens.#planned.plans.some(({ mode }) => mode === 'continuous');
      if (isContinuous) await lens.#residentsReady();
      nextTurn(lens.#heard.resolve);
      lens.#treeChanged();
      return lens;
    } catch (error) {
      await lens.stop();
      throw error;
    }
  }

  private constructor(options: NodelensOptions) {
    const planned = planOperators(options);
    this.#planned = planned;
    this.#skills = createSkillAccess(planned, {
      connect: (service, port) => this.#recorder.connect(service, port),
      startProbe: (skill) => this.#recorder.startProbe(skill),
      settleProbes: (skill) => this.#recorder.settleProbes(skill),
    });
    this.#recorder = superviseRecorder({
      ...recorderStart(planned, this.#skills.mainDescriptors()),
      ...(options.armed && { armed: options.armed }),
      ...(options.dataDir !== undefined && { dataDir: ensureDataDirectory(options.dataDir) }),
    });
    this.#recorder.onConnect(this.#skills.connect);
    this.#recorder.onExit((reason, willRestart) => this.#recorderExited(reason, willRestart));
    this.#recorder.onRestart(() => {
      this.#telling.emit({ type: 'recorder.restarted' });
      this.#treeChanged();
    });
    this.#recorder.onMessage((message) => this.#telling.receive(message as unknown as RecorderNews));
    this.coordinator = {
      run: (context, runOptions) =>
        held(async () => (await this.#loadRuns()).coordinator.run(context, runOptions)),
      cancel: () => void this.#runs?.then(({ coordinator }) => coordinator.cancel()),
      status: async () => (await this.#loadRuns()).coordinator.status(),
    };
    this.operator = {
      run: (operator, context, runOptions) =>
        held(async () => (await this.#loadRuns()).operator.run(operator, context, runOptions)),
      replace: (name, changes) => held(async () => (await this.#loadRuns()).operator.replace(name, changes)),
    };
  }

  /** Path of the control socket; undefined until it listens, or when there is none. */
  get controlPath(): string | undefined {
    return this.#telling.controlPath;
  }

  /**
   * What was found until now, newest first: since the start of the process, and in its earlier lives and those of its
   * siblings where there is a `dataDir`.
   * @throws NodelensError `option_invalid`, `store_unavailable`, `lens_stopped`.
   */
  history(query: HistoryQuery = {}): Promise<StoredHistory> {
    return held(async () => {
      this.#assertRunning();
      const { askHistory } = await import('./system/history.ts');
      return askHistory(() => this.#port('store'), query);
    });
  }

  /**
   * What models were asked and what it cost, by operator, model and day, and how far the budgets are used: since the
   * start of the process, and in earlier lives of the service where there is a `dataDir`.
   * @throws NodelensError `rpc_timeout`, `rpc_peer_gone` while the recorder is away; `lens_stopped`.
   */
  usage(): Promise<UsageReport> {
    return held(async () => {
      this.#assertRunning();
      const { askUsage } = await import('./system/usage.ts');
      return askUsage(() => this.#port('models'));
    });
  }

  /**
   * Listens to one kind of event, or to all: `*`; returns the undo. The same events are on diagnostics_channel
   * (docs/telemetry.md).
   */
  readonly on: Listen = this.#telling.on;

  /**
   * Stops everything: runs are cancelled, model calls aborted, threads and the sandbox process ended, listeners
   * removed. Idempotent; the process can end by itself afterwards. Takes some 50 ms, and 10 s at most, whatever goes on
   * in our threads: what does not listen is ended.
   */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** The modules of runs come with the first one: attaching costs main only what recording needs. */
  #loadRuns(): Promise<Runs> {
    this.#assertRunning();
    this.#runs ??= import('./system/runs.ts').then(({ createRuns }) =>
      createRuns({
        planned: this.#planned,
        skills: this.#skills,
        port: (service) => this.#port(service),
        onEvent: (event) => this.#telling.emit(event),
        assertRunning: () => this.#assertRunning(),
        recorderReady: () => this.#recorder.available(),
        onReplaced: (now) => this.#replaced(now),
        onChange: () => this.#treeChanged(),
      }),
    );
    return this.#runs;
  }

  /** @throws NodelensError `option_invalid` */
  async #residentsReady(): Promise<void> {
    const { askResidents } = await import('./system/residents-client.ts');
    await askResidents(
      () => this.#port('residents'),
      (desk) => desk.ready(),
    );
  }

  #replaced(now: Pick<Planned, 'plans' | 'recorderSkills'>): void {
    const mainSkills = this.#skills.mainDescriptors();
    this.#recorder.renew(recorderStart({ ...this.#planned, ...now }, mainSkills));
    this.#tellRecorder({ type: 'operators', operators: now.plans, mainSkills });
  }

  /** Told once a turn, however much changes in it. */
  #treeChanged(): void {
    this.#treeNews ??= nextTurn(async () => {
      this.#treeNews = undefined;
      const runs = await this.#runs?.catch(() => undefined);
      const children = [this.#recorder.node(), ...(runs?.nodes() ?? [])];
      const tree: TreeNode = { id: 'nodelens', kind: 'supervisor', status: 'running', children };
      this.#tellRecorder({ type: 'tree', tree: { ...tree, startedAtMs: this.#startedAtMs } });
    }).unref();
  }

  #tellRecorder(news: MainNews): void {
    this.#recorder.post(news as unknown as JsonValue);
  }

  #assertRunning(): void {
    if (this.#stopped !== undefined) throw fail('lens_stopped');
  }

  /** A port to a service, wherever it is served. */
  #port(service: ServiceName): MessagePort {
    const { port1, port2 } = new MessageChannel();
    if (service === 'main-model') this.#skills.connect(service, port2);
    else this.#recorder.connect(service, port2);
    return port1;
  }

  #recorderExited(reason: ExitReason, willRestart: boolean): void {
    const error = toWire(fail('recorder_unavailable', { reason: describeExit(reason) }));
    this.#telling.recorderGone();
    this.#telling.emit({ type: 'recorder.exited', error, willRestart });
    // All threads of ours hang on it: that is the end of the tree.
    if (!willRestart) this.#telling.emit({ type: 'supervisor.gave_up', supervisor: 'nodelens', error });
  }

  async #stop(): Promise<void> {
    const runs = this.#runs?.then((loaded) => loaded.stop());
    if (runs !== undefined) await within(RUNS_STOP_MS, runs);
    this.#skills.close();
    await this.#recorder.stop();
    this.#disconnect();
    this.#telling.close();
    if (holder[CURRENT] === this) delete holder[CURRENT];
  }
}
