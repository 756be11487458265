// The host's side of the sandbox: one child process, started at first use, released when idle, killed on doubt.
import { HostRun } from './host-run.ts';
import { defaultLimits, resolveLimits, type SandboxLimits } from './limits.ts';
import type { SandboxOutcome } from './outcome.ts';
import type { RunResult } from './protocol.ts';
import { SandboxProcess, type SandboxProcessEvents } from './sandbox-process.ts';
import type { SandboxRun } from './sandbox-run.ts';
import { describe, failure, wallLimit } from './verdict.ts';

export interface SandboxOptions {
  /** Idle time after which the child process is released, in ms. Default 10,000. */
  readonly idleMs?: number;
  /** Overrides of the default limits. */
  readonly limits?: Partial<SandboxLimits>;
  /** Asked before a process is started: a reason why it must not be (memory is short), or undefined. */
  readonly refusal?: () => string | undefined;
}

export interface Sandbox {
  /**
   * Never rejects; runs may overlap. A run whose process is lost through no fault of its own starts again once, and
   * so do its host calls.
   * @throws RangeError at once for limits out of range, TypeError for a function name that is no identifier.
   */
  run(run: SandboxRun): Promise<SandboxOutcome>;
  /** Pid of the child process while there is one. */
  readonly pid: number | undefined;
  /** Kills the child process; pending runs answer `sandbox_closed`. Idempotent. */
  close(): Promise<void>;
}

/** Starts nothing yet. @throws RangeError for limits out of range. */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  return new ProcessSandbox(options);
}

/** How long a process may take to confirm that a run has ended. */
const endMs = 1_000;
const maxCodeBytes = 1_048_576;
const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** A process with the runs that have been sent to it and not been confirmed as ended. */
interface Workplace {
  readonly process: SandboxProcess;
  readonly runs: Map<number, HostRun>;
}

class ProcessSandbox implements Sandbox {
  readonly #idleMs: number;
  readonly #limits: SandboxLimits;
  readonly #refusal: () => string | undefined;
  readonly #ending = new Set<Promise<void>>();
  #workplace: Workplace | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #nextId = 1;
  #isClosed = false;

  constructor({ idleMs = 10_000, limits, refusal = () => undefined }: SandboxOptions) {
    this.#idleMs = idleMs;
    this.#limits = resolveLimits(defaultLimits, limits);
    this.#refusal = refusal;
  }

  get pid(): number | undefined {
    return this.#workplace?.process.pid;
  }

  run(run: SandboxRun): Promise<SandboxOutcome> {
    const host = new HostRun(this.#nextId++, run, resolveLimits(this.#limits, run.limits));
    for (const name of Object.keys(run.functions ?? {}))
      if (!identifier.test(name))
        throw new TypeError(`A host function cannot be named ${JSON.stringify(name)}.`);
    if (this.#isClosed) host.answer(closed);
    else if (run.signal?.aborted) host.answer(cancelled);
    else if (Buffer.byteLength(run.code) > maxCodeBytes)
      host.answer(failure('syntax_error', `The code is longer than ${maxCodeBytes} bytes.`));
    else {
      host.watch(
        () => this.#overrun(host),
        () => this.#end(host, cancelled),
      );
      this.#place(host);
    }
    return host.outcome;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#idleTimer);
    const workplace = this.#workplace;
    if (workplace !== undefined) {
      this.#abandon(workplace);
      for (const run of workplace.runs.values()) run.answer(closed);
    }
    await Promise.all(this.#ending);
  }

  #place(run: HostRun): void {
    const refused = this.#workplace === undefined ? this.#refusal() : undefined;
    if (refused !== undefined) {
      run.answer(failure('sandbox_refused', refused));
      return;
    }
    try {
      this.#workplace ??= this.#open();
    } catch (error) {
      run.answer(failure('sandbox_crashed', `The sandbox process did not start: ${describe(error)}`));
      return;
    }
    const { process, runs } = this.#workplace;
    clearTimeout(this.#idleTimer);
    if (runs.size === 0) process.setInUse(true);
    runs.set(run.runId, run);
    process.send(run.attempt((reply) => process.send(reply)));
  }

  #open(): Workplace {
    const runs = new Map<number, HostRun>();
    const events: SandboxProcessEvents = {
      message: (message) => {
        const run = runs.get(message.runId);
        if (run === undefined) return;
        switch (message.type) {
          case 'call':
            if (!run.isAnswered) run.call(message, (result) => this.#end(run, result));
            return;
          case 'console':
            return run.addConsole(message.line);
          case 'ended':
            runs.delete(message.runId);
            run.answer(message.result);
            if (message.unfit) this.#lose(workplace, 'another run did not stop');
            else if (runs.size === 0) this.#idle(workplace);
            return;
          default:
            message satisfies never;
        }
      },
      gone: (reason) => this.#lose(workplace, reason),
    };
    const workplace: Workplace = { process: new SandboxProcess(events), runs };
    return workplace;
  }

  /** The host's own verdict; the process must confirm it soon. */
  #end(run: HostRun, result: RunResult): void {
    if (run.isAnswered) return;
    run.answer(result);
    const workplace = this.#workplace;
    if (workplace?.runs.has(run.runId) !== true) return;
    workplace.process.send({ type: 'end', runId: run.runId });
    const late = (): void => {
      if (workplace.runs.delete(run.runId)) this.#lose(workplace, 'another run did not stop');
    };
    setTimeout(() => setImmediate(late), endMs).unref();
  }

  /** The process should have ended this run itself. */
  #overrun(run: HostRun): void {
    if (run.isAnswered) return;
    run.answer(wallLimit(run.limits));
    const workplace = this.#workplace;
    if (workplace?.runs.delete(run.runId) === true) this.#lose(workplace, 'another run did not stop');
  }

  /** Kills the process; the runs that were in it start again, once. */
  #lose(workplace: Workplace, reason: string): void {
    if (workplace !== this.#workplace) return;
    this.#abandon(workplace);
    for (const run of workplace.runs.values()) {
      if (run.isAnswered) continue;
      if (++run.losses > 1)
        run.answer(failure('sandbox_crashed', `The sandbox process was lost twice; last time ${reason}.`));
      else this.#place(run);
    }
  }

  #idle(workplace: Workplace): void {
    workplace.process.setInUse(false);
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => {
      if (workplace === this.#workplace) this.#abandon(workplace);
    }, this.#idleMs).unref();
  }

  #abandon(workplace: Workplace): void {
    this.#workplace = undefined;
    const ended = workplace.process.kill().finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
  }
}

const closed = failure('sandbox_closed', 'The sandbox has been closed.');
const cancelled = failure('cancelled', 'The run was cancelled.');
