// One run inside the sandbox process: a fresh isolate, its limits, and its end. Answers exactly once, whatever the code
// does; when the isolate does not stop, it says so and leaves the killing to the host.
import ivm from 'isolated-vm';
import { type Enter, type HarnessEvent, type HarnessSettings, harnessSource } from './harness.ts';
import { isTooDeep, maxJsonDepth } from './json-depth.ts';
import { codeFile } from './location.ts';
import type { ReplyMessage, RunMessage, RunResult } from './protocol.ts';
import { compileError, cpuLimit, describe, failure, memoryLimit, verdictOf, wallLimit } from './verdict.ts';

export interface IsolateRunEvents {
  call(callId: number, name: string, args: string): void;
  console(line: string): void;
  /** `isUnfit`: the process cannot be used any longer. */
  ended(result: RunResult, isUnfit: boolean): void;
}

type EnterArguments = Parameters<ivm.Reference<Enter>['apply']>[1];

/** How long an isolate may take to stop once it is disposed. */
const stopMs = 100;
const callsAtOnce = 8;

const processCpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

export class IsolateRun {
  readonly #spec: RunMessage;
  readonly #events: IsolateRunEvents;
  readonly #isolate: ivm.Isolate;
  readonly #deadline: number;
  readonly #processCpuAtStart = processCpuMs();
  #enter: ivm.Reference<Enter> | undefined;
  #ended = false;
  #isBloated = false;
  /** Entries into the isolate that have not come back. */
  #inside = 0;
  #openCalls = 0;
  #onOutside: (() => void) | undefined;

  constructor(spec: RunMessage, events: IsolateRunEvents) {
    this.#spec = spec;
    this.#events = events;
    this.#deadline = performance.now() + spec.leftMs;
    this.#isolate = new ivm.Isolate({
      memoryLimit: spec.limits.memoryMb,
      onCatastrophicError: () => this.end(memoryLimit(this.#spec.limits)),
    });
  }

  /** Compiles and starts the code; never rejects. */
  async start(): Promise<void> {
    try {
      const context = await this.#guard(this.#isolate.createContext());
      const enter = await this.#guard(this.#boot(context));
      const code = await this.#compile(context, enter);
      this.#enter = enter;
      if (code !== undefined) await this.#entry(enter, ['start', code.derefInto()]);
    } catch (error) {
      if (this.#ended) return;
      this.end(
        this.#isolate.isDisposed
          ? memoryLimit(this.#spec.limits)
          : failure('sandbox_crashed', describe(error)),
      );
    }
  }

  /** The host's answer to a call. */
  settle(reply: ReplyMessage): void {
    if (this.#ended || this.#enter === undefined) return;
    this.#openCalls--;
    void this.#entry(this.#enter, ['settle', reply.callId, reply.ok, reply.text]);
  }

  /** To be called every few ms: nothing inside the isolate can be trusted to keep a limit of time. */
  checkLimits(): void {
    if (this.#ended) return;
    const { limits } = this.#spec;
    if (this.#isolate.isDisposed) this.end(memoryLimit(limits));
    else if (this.cpuMs > limits.cpuMs) this.end(cpuLimit(limits));
    else if (performance.now() > this.#deadline) this.end(wallLimit(limits));
  }

  get memoryMb(): number {
    return this.#spec.limits.memoryMb;
  }

  /**
   * What it has computed. isolated-vm counts all time inside the isolate, waits for a core and Atomics.wait too; the
   * whole process cannot have computed less than one of its runs.
   */
  get cpuMs(): number {
    if (this.#isolate.isDisposed) return 0;
    return Math.min(Number(this.#isolate.cpuTime) / 1e6, processCpuMs() - this.#processCpuAtStart);
  }

  /** Ends it for memory that the process holds outside the isolate's heap, and does not get back for sure. */
  endForMemory(): void {
    this.#isBloated = true;
    this.end(memoryLimit(this.#spec.limits));
  }

  /** Stops the isolate and answers; only the first call counts. */
  end(result: RunResult): void {
    if (this.#ended) return;
    this.#ended = true;
    if (!this.#isolate.isDisposed) this.#isolate.dispose();
    const answer = (isUnfit: boolean): void => {
      clearTimeout(timer);
      this.#onOutside = undefined;
      this.#events.ended(result, isUnfit || this.#isBloated);
    };
    const timer = setTimeout(answer, stopMs, true);
    if (this.#inside === 0) answer(false);
    else this.#onOutside = () => answer(false);
  }

  #boot(context: ivm.Context): Promise<ivm.Reference<Enter>> {
    const { functions, limits } = this.#spec;
    const settings: HarnessSettings = {
      functions,
      calls: limits.hostCalls,
      callsAtOnce,
      callChars: limits.hostCallBytes,
      consoleChars: limits.consoleBytes,
      outputChars: limits.outputBytes,
    };
    const post = new ivm.Callback(
      (kind: HarnessEvent, ...values: (string | number)[]) => this.#onPost(kind, values),
      { ignored: true },
    );
    return context.evalClosure(harnessSource, [post, new ivm.ExternalCopy(settings).copyInto()], {
      result: { reference: true },
      filename: 'sandbox-harness.js',
    }) as unknown as Promise<ivm.Reference<Enter>>;
  }

  /** The code as a function; undefined when it does not parse, which ends the run. */
  async #compile(
    context: ivm.Context,
    enter: ivm.Reference<Enter>,
  ): Promise<ivm.Reference<unknown> | undefined> {
    const { code } = this.#spec;
    try {
      const wrapped = `(async function () {\n${code}\n})`;
      const options = { filename: codeFile, lineOffset: -1 };
      const script = await this.#guard(this.#isolate.compileScript(wrapped, options));
      await this.#guard(enter.apply(undefined, ['check', code]));
      return (await this.#guard(script.run(context, { reference: true }))) as ivm.Reference<unknown>;
    } catch (error) {
      if (this.#ended || this.#isolate.isDisposed) throw error;
      this.end(compileError(error));
      return undefined;
    }
  }

  async #entry(enter: ivm.Reference<Enter>, args: readonly unknown[]): Promise<void> {
    // A rejection here is an unhandled one of the code's own promises, or the end of the isolate.
    await this.#guard(enter.apply(undefined, args as EnterArguments)).catch(() => undefined);
    // What the code posted last is delivered before its entry comes back, but possibly not yet handled.
    setImmediate(() => this.#checkIdle());
  }

  #checkIdle(): void {
    if (this.#ended || this.#inside > 0 || this.#openCalls > 0) return;
    this.end(
      this.#isolate.isDisposed
        ? memoryLimit(this.#spec.limits)
        : failure('script_error', 'The code awaits a promise that nothing will settle.'),
    );
  }

  #onPost(kind: HarnessEvent, values: readonly (string | number)[]): void {
    if (this.#ended) return;
    if (kind === 'log') this.#events.console(String(values[0]));
    else if (kind === 'call') this.#onCall(Number(values[0]), String(values[1]), String(values[2]));
    else this.end(verdictOf(kind, values, this.#spec.limits));
  }

  #onCall(callId: number, name: string, args: string): void {
    this.#openCalls++;
    if (!isTooDeep(args)) this.#events.call(callId, name, args);
    else this.end(failure('host_call_limit', `The arguments of ${name}() nest deeper than ${maxJsonDepth}.`));
  }

  /** Counts an entry into the isolate until it is back. */
  async #guard<T>(entry: Promise<T>): Promise<T> {
    this.#inside++;
    try {
      return await entry;
    } finally {
      this.#inside--;
      if (this.#inside === 0) this.#onOutside?.();
    }
  }
}
