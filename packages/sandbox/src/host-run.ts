// One run as the host sees it: its time, its host calls, its console, and its one answer. Survives the loss of the
// process that it runs in, once.
import type { SandboxLimits } from './limits.ts';
import { placeIn } from './location.ts';
import type { Json, SandboxError, SandboxErrorCode, SandboxOutcome } from './outcome.ts';
import type { CallMessage, ReplyMessage, RunMessage, RunResult } from './protocol.ts';
import type { HostFunction, SandboxRun } from './sandbox-run.ts';
import { failure } from './verdict.ts';

/** What the process may need beyond the limit to report that it was reached. */
const graceMs = 500;

export class HostRun {
  readonly runId: number;
  readonly limits: SandboxLimits;
  readonly outcome: Promise<SandboxOutcome>;
  /** Times that the process was lost under it. */
  losses = 0;
  readonly #run: SandboxRun;
  readonly #startedAt = performance.now();
  readonly #resolve: (outcome: SandboxOutcome) => void;
  readonly #undo: (() => void)[] = [];
  readonly #callTimers = new Set<NodeJS.Timeout>();
  #console: string[] = [];
  #consoleBytes = 0;
  #hostCalls = 0;
  #isAnswered = false;
  #reply: (message: ReplyMessage) => void = () => undefined;

  constructor(runId: number, run: SandboxRun, limits: SandboxLimits) {
    this.runId = runId;
    this.#run = run;
    this.limits = limits;
    const { promise, resolve } = Promise.withResolvers<SandboxOutcome>();
    this.outcome = promise;
    this.#resolve = resolve;
  }

  get isAnswered(): boolean {
    return this.#isAnswered;
  }

  /** Calls `onOverrun` when the run is late and its process has not said so, `onCancel` when the caller aborts. */
  watch(onOverrun: () => void, onCancel: () => void): void {
    const { signal } = this.#run;
    signal?.addEventListener('abort', onCancel, { once: true });
    // Timers come before messages: one turn of the loop lets an answer through that is already there.
    const timer = setTimeout(() => setImmediate(onOverrun), this.limits.wallMs + graceMs);
    this.#undo.push(
      () => signal?.removeEventListener('abort', onCancel),
      () => clearTimeout(timer),
    );
  }

  /** A new attempt from the start, in the time that is left. `reply` takes the answers to its host calls. */
  attempt(reply: (message: ReplyMessage) => void): RunMessage {
    this.#clearCalls();
    this.#console = [];
    this.#consoleBytes = 0;
    this.#hostCalls = 0;
    this.#reply = reply;
    return {
      type: 'run',
      runId: this.runId,
      code: this.#run.code,
      functions: Object.keys(this.#run.functions ?? {}),
      limits: this.limits,
      leftMs: this.limits.wallMs - this.#elapsedMs(),
    };
  }

  addConsole(line: string): void {
    const left = this.limits.consoleBytes - this.#consoleBytes;
    if (left <= 0) return;
    const bytes = Buffer.from(line);
    this.#consoleBytes += bytes.length;
    // A character that is cut in two decodes to U+FFFD, which is dropped.
    this.#console.push(bytes.length <= left ? line : bytes.toString('utf8', 0, left).replace(/\uFFFD$/, ''));
  }

  /** Serves one host call; a call over a limit ends the run through `onLimit`. */
  call(message: CallMessage, onLimit: (result: RunResult) => void): void {
    const { callId, name, args } = message;
    const { hostCallBytes, hostCallMs, hostCalls } = this.limits;
    const limit = (text: string): void => onLimit(failure('host_call_limit', text));
    if (this.#hostCalls++ >= hostCalls) limit(`More than ${hostCalls} host calls.`);
    else if (Buffer.byteLength(args) > hostCallBytes)
      limit(`The arguments of ${name}() exceed ${hostCallBytes} bytes.`);
    else {
      const late = `${name}() did not answer within ${hostCallMs} ms.`;
      const timer = setTimeout(limit, hostCallMs, late);
      this.#callTimers.add(timer);
      const reply = this.#reply;
      callHost(this.#run.functions ?? {}, name, args).then((answer) => {
        // Cleared: the run is over, or this attempt of it is.
        if (!this.#callTimers.delete(timer)) return;
        clearTimeout(timer);
        if (answer.ok && Buffer.byteLength(answer.text ?? '') > hostCallBytes)
          limit(`The result of ${name}() exceeds ${hostCallBytes} bytes.`);
        else reply({ type: 'reply', runId: this.runId, callId, ...answer });
      });
    }
  }

  /** Only the first answer counts. */
  answer(result: RunResult): void {
    if (this.#isAnswered) return;
    const verdict = this.#verdict(result);
    this.#isAnswered = true;
    this.#clearCalls();
    for (const undo of this.#undo) undo();
    this.#resolve({
      ...verdict,
      console: this.#console,
      durationMs: Math.round(this.#elapsedMs() * 10) / 10,
      hostCalls: this.#hostCalls,
    });
  }

  #verdict(result: RunResult): Verdict {
    if (result.ok) return { ok: true, value: JSON.parse(result.json) as Json };
    const { code, message, line } = result;
    const place = isOfTheCode(code) ? placeIn(this.#run.code, line) : {};
    return { ok: false, error: { code, message, ...place } };
  }

  #elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }

  #clearCalls(): void {
    for (const timer of this.#callTimers) clearTimeout(timer);
    this.#callTimers.clear();
  }
}

type Verdict = { ok: true; value: Json } | { ok: false; error: SandboxError };

const isOfTheCode = (code: SandboxErrorCode): boolean => code !== 'cancelled' && !code.startsWith('sandbox_');

type Answer = Pick<ReplyMessage, 'ok' | 'text'>;

async function callHost(
  functions: { readonly [name: string]: HostFunction },
  name: string,
  args: string,
): Promise<Answer> {
  try {
    const run = Object.hasOwn(functions, name) ? functions[name] : undefined;
    const values: unknown = JSON.parse(args);
    if (run === undefined || !Array.isArray(values)) throw new TypeError(`${name} is not a function`);
    const value = await run(...(values as Json[]));
    const text = value === undefined ? undefined : JSON.stringify(value);
    return text === undefined ? { ok: true } : { ok: true, text };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, text: message.slice(0, 2_000) };
  }
}
