// A sandbox over a port: its owner (the launcher) serves it, an operator's thread uses it. Code goes there, host
// functions are called back here, and a closed port aborts its runs. `run` never rejects.
import type { MessagePort } from 'node:worker_threads';
import type {
  HostFunction,
  Json,
  Sandbox,
  SandboxLimits,
  SandboxOutcome,
  SandboxRun,
} from '@nodelens/sandbox';
import type { PortSource, ServicePort } from './actor/hosts/services.ts';
import { reasonOf } from './errors.ts';

type ToSandbox =
  | {
      readonly type: 'run';
      readonly runId: number;
      readonly code: string;
      readonly functions: readonly string[];
      readonly limits: Partial<SandboxLimits>;
    }
  | { readonly type: 'cancel'; readonly runId: number }
  | { readonly type: 'returned'; readonly callId: number; readonly value: Json }
  | { readonly type: 'threw'; readonly callId: number; readonly message: string };

type FromSandbox =
  | {
      readonly type: 'call';
      readonly runId: number;
      readonly callId: number;
      readonly name: string;
      readonly args: Json[];
    }
  | { readonly type: 'outcome'; readonly runId: number; readonly outcome: SandboxOutcome };

export interface SandboxClient {
  run(run: SandboxRun): Promise<SandboxOutcome>;
  /** Aborts its runs and closes the port. Idempotent. */
  close(): void;
}

/** Runs the code of the other end in `sandbox`; returns the undo, which aborts its runs and closes the port. */
export function serveSandbox(port: MessagePort, sandbox: Sandbox): () => void {
  const runs = new Map<number, AbortController>();
  const calls = new Map<number, PromiseWithResolvers<Json>>();
  let nextCallId = 1;
  const post = (message: FromSandbox): void => port.postMessage(message);

  const begin = async ({ runId, code, functions, limits }: Extract<ToSandbox, { type: 'run' }>) => {
    const controller = new AbortController();
    runs.set(runId, controller);
    const callBack =
      (name: string): HostFunction =>
      async (...args) => {
        const callId = nextCallId++;
        const call = Promise.withResolvers<Json>();
        calls.set(callId, call);
        post({ type: 'call', runId, callId, name, args });
        return await call.promise.finally(() => calls.delete(callId));
      };
    const outcome = await runSafely(sandbox, {
      code,
      functions: Object.fromEntries(functions.map((name) => [name, callBack(name)])),
      limits,
      signal: controller.signal,
    });
    runs.delete(runId);
    post({ type: 'outcome', runId, outcome });
  };

  port.on('message', (message: ToSandbox) => {
    switch (message.type) {
      case 'run':
        return void begin(message);
      case 'cancel':
        return runs.get(message.runId)?.abort();
      case 'returned':
        return calls.get(message.callId)?.resolve(message.value);
      case 'threw':
        return calls.get(message.callId)?.reject(new Error(message.message));
      default:
        return message satisfies never;
    }
  });
  port.on('close', () => {
    for (const run of runs.values()) run.abort();
    for (const call of calls.values()) call.reject(new Error('the caller is gone'));
  });
  port.unref();
  return () => port.close();
}

/** Wrong use throws at once in the sandbox's own thread; over a port it is an outcome like any other. */
async function runSafely(sandbox: Sandbox, run: SandboxRun): Promise<SandboxOutcome> {
  try {
    return await sandbox.run(run);
  } catch (error) {
    const failure = { code: 'script_error', message: reasonOf(error) } as const;
    return { ok: false, error: failure, console: [], durationMs: 0, hostCalls: 0 };
  }
}

interface ClientRun {
  readonly functions: { readonly [name: string]: HostFunction };
  readonly settle: (outcome: SandboxOutcome) => void;
}

/** The sandbox served at the other end of a port. */
export function connectSandbox(source: PortSource): SandboxClient {
  const runs = new Map<number, ClientRun>();
  let nextRunId = 1;
  let isClosed = false;
  let port: ServicePort | undefined;
  const post = (message: ToSandbox): void => port?.postMessage(message);

  const open = (): ServicePort => {
    const opened = typeof source === 'function' ? source() : source;
    opened.on('message', (message: FromSandbox) => {
      const run = runs.get(message.runId);
      if (message.type === 'outcome') return run?.settle(message.outcome);
      void answer(message, run?.functions[message.name]).then(post);
    });
    opened.on('close', () => {
      isClosed = true;
      for (const run of runs.values()) run.settle(closedOutcome());
    });
    opened.unref();
    return opened;
  };
  if (typeof source !== 'function') port = open();

  const run = ({ code, functions = {}, limits = {}, signal }: SandboxRun): Promise<SandboxOutcome> => {
    if (isClosed) return Promise.resolve(closedOutcome());
    port ??= open();
    const runId = nextRunId++;
    const { promise, resolve: settle } = Promise.withResolvers<SandboxOutcome>();
    const cancel = (): void => post({ type: 'cancel', runId });
    runs.set(runId, { functions, settle });
    post({ type: 'run', runId, code, functions: Object.keys(functions), limits });
    if (signal?.aborted) cancel();
    else signal?.addEventListener('abort', cancel, { once: true });
    return promise.finally(() => {
      runs.delete(runId);
      signal?.removeEventListener('abort', cancel);
    });
  };
  const close = (): void => {
    isClosed = true;
    port?.close();
  };
  return { run, close };
}

async function answer(
  { callId, args }: Extract<FromSandbox, { type: 'call' }>,
  call: HostFunction | undefined,
): Promise<ToSandbox> {
  try {
    if (call === undefined) throw new Error('its run has ended');
    return { type: 'returned', callId, value: (await call(...args)) ?? null };
  } catch (error) {
    return { type: 'threw', callId, message: reasonOf(error) };
  }
}

const closedOutcome = (): SandboxOutcome => ({
  ok: false,
  error: { code: 'sandbox_closed', message: 'The sandbox was closed before the code had finished.' },
  console: [],
  durationMs: 0,
  hostCalls: 0,
});
