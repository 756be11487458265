// One run of an operator, seen from outside: starts the actor, passes its events on, and always resolves with a
// result, also when the actor dies or never starts. What it had reported by then is kept.

import { systemClock } from '../actor/clock.ts';
import type { Host } from '../actor/hosts/host.ts';
import { keepAlive } from '../actor/keep-alive.ts';
import type { ActorRef, AskOptions } from '../actor/messages/ref.ts';
import type { ChildSpec } from '../actor/supervision/child-spec.ts';
import { untilAborted } from '../agent/abort.ts';
import { type Id, randomId } from '../ids.ts';
import { asJson, type JsonObject, type JsonValue } from '../json.ts';
import { workerUrl } from '../worker-url.ts';
import { exitError, watchRun } from './run-watch.ts';
import type { OperatorEvent, OperatorInput, OperatorRunResult, OperatorSpec } from './spec.ts';

export interface OperatorRunRequest {
  readonly spec: OperatorSpec;
  readonly investigationId: Id;
  readonly context: JsonObject & { readonly reason: string };
  /** Deadline in ms, waiting for a thread included; none when absent. */
  readonly timeoutMs?: number;
  /** Who shares turns where runs must wait for a thread. Default: the investigation. */
  readonly caller?: string;
  /** Overrides the limit of the spec. */
  readonly maxPauseMs?: number;
}

export interface OperatorRunOptions {
  /** Cancels the run; a reason that is a NodelensError becomes the result's error. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: OperatorEvent) => void;
}

export interface OperatorRun {
  /** Never rejects. */
  readonly result: Promise<OperatorRunResult>;
  /** Asks the running operator; rejects with `actor_exited` when it is not running. */
  ask(message: JsonValue, options: AskOptions): Promise<JsonValue>;
}

const OPERATOR = workerUrl('./operator', import.meta.url).href;

/** A run with less time than this is not begun: a thread's start (100 ms and more) and a look would not fit. */
const LEAST_MS = 250;
/** After a cancel: for the operator to answer with what it has; then as long again for its stop, then it is killed. */
const GRACE_MS = 1_500;

/** Runs once, whatever the spec's mode is; resolves with what was found, never rejects. */
export async function runOperator(
  host: Host,
  request: OperatorRunRequest,
  options: OperatorRunOptions,
): Promise<OperatorRunResult> {
  const release = keepAlive();
  try {
    return await startOperatorRun(host, request, options).result;
  } finally {
    release();
  }
}

/** The same, with a way to ask while it runs. */
export function startOperatorRun(
  host: Host,
  request: OperatorRunRequest,
  options: OperatorRunOptions,
): OperatorRun {
  const spec = childSpec(request);
  const starting = host.start(spec, {}, options.signal);
  return {
    result: follow({ host, request, options, starting }),
    ask: async (message, askOptions) => (await starting).ask(message, askOptions),
  };
}

interface Run {
  readonly host: Host;
  readonly request: OperatorRunRequest;
  readonly options: OperatorRunOptions;
  readonly starting: Promise<ActorRef>;
}

async function follow({ host, request, options, starting }: Run): Promise<OperatorRunResult> {
  const { signal } = options;
  const seen = watchRun(request);
  const diedOf = (error: unknown): OperatorRunResult => {
    const result = seen.diedOf(error, signal);
    options.onEvent({ type: 'operator.completed', operator: result.operator, result });
    return result;
  };
  let ref: ActorRef;
  try {
    ref = await untilAborted(starting, signal);
  } catch (error) {
    // It may just have become ready: nobody waits for it any more.
    starting.then((late) => host.kill(late)).catch(() => {});
    return diedOf(error);
  }
  const { promise, resolve } = Promise.withResolvers<OperatorRunResult>();
  ref.onEvent((json) => {
    const event = json as unknown as OperatorEvent;
    seen.note(event);
    options.onEvent(event);
    if (event.type === 'operator.completed') resolve(event.result);
  });
  void ref.exited.then((reason) => {
    if (!seen.isCompleted()) resolve(diedOf(exitError(ref.id, reason)));
  });
  const undoCancel = cancelOnAbort(host, ref, signal);
  const result = await promise;
  undoCancel();
  endWithin(host, ref);
  return result;
}

/** Asks it to cancel, so that it answers with what it has; what does not listen is stopped, then killed. */
function cancelOnAbort(host: Host, ref: ActorRef, signal: AbortSignal): () => void {
  let disarm = (): void => {};
  const cancel = (): void => {
    ref.tell({ type: 'operator.cancel', reason: 'by its caller' });
    disarm = systemClock.after(GRACE_MS, () => void host.stop(ref));
  };
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  return () => {
    signal.removeEventListener('abort', cancel);
    disarm();
  };
}

/** It has said its last word, and makes its thread free while the result is given. */
function endWithin(host: Host, ref: ActorRef): void {
  const disarm = systemClock.after(GRACE_MS, () => void host.kill(ref));
  void ref.exited.then(disarm);
}

function childSpec({ spec, maxPauseMs, caller, ...request }: OperatorRunRequest): ChildSpec {
  const limits = { ...spec.limits, ...(maxPauseMs !== undefined && { maxPauseMs }) };
  const requestedAtMs = systemClock.now();
  const input: OperatorInput = { ...request, requestedAtMs, spec: { ...spec, mode: 'on-demand', limits } };
  const { timeoutMs } = request;
  return {
    id: `operator-${spec.name}-${randomId()}`,
    module: OPERATOR,
    exportName: 'createOperator',
    input: asJson(input) as JsonObject,
    restart: 'temporary',
    placement: 'pool',
    ...operatorNeeds(spec),
    caller: caller ?? request.investigationId,
    ...(timeoutMs !== undefined && { queueMs: Math.max(0, timeoutMs - LEAST_MS) }),
  };
}

/** What an operator of that spec needs in `context.ports`, what its thread may take, and how long its stop. */
export const operatorNeeds = ({
  skill,
  model,
  limits: { memoryMb, maxCpuShare },
}: OperatorSpec): Pick<ChildSpec, 'services' | 'memoryMb' | 'maxCpuShare' | 'shutdownMs'> => ({
  services: [
    skill.host === 'main' ? 'main-skills' : 'skills',
    'sandbox',
    'store',
    'models',
    ...(model.kind === 'main-model' ? (['main-model'] as const) : []),
  ],
  memoryMb,
  maxCpuShare,
  shutdownMs: GRACE_MS,
});
