// The coordinator of a running system, on main: starts the actor at first use, runs investigations on it, and turns an
// AbortSignal into a cancel message (a signal does not survive a message).
import { describeExit, type ExitReason } from '../actor/exit.ts';
import type { Host, Ports } from '../actor/hosts/host.ts';
import type { ActorRef } from '../actor/messages/ref.ts';
import type { TreeNode } from '../actor/supervision/tree.ts';
import type { InvestigationResult } from '../coordinator/insight.ts';
import { registerStrategy } from '../coordinator/live-strategies.ts';
import {
  type CoordinatorEvent,
  type CoordinatorInput,
  defaultCoordinatorLimits,
} from '../coordinator/spec.ts';
import type { StrategyChoice, StrategyRef } from '../coordinator/strategy-ref.ts';
import { randomId } from '../ids.ts';
import { asJson, type JsonObject } from '../json.ts';
import type { ModelChoice, OperatorSpec } from '../operator/spec.ts';
import { workerUrl } from '../worker-url.ts';
import {
  type CoordinatorRunOptions,
  type RunContext,
  validateContext,
  validateCoordinatorOptions,
} from './run-options.ts';

/** The actor answers at its own deadline with what it has, which begins at its turn: this is for a lost actor only. */
const ANSWER_WITHIN_MS = 24 * 3_600_000;
const STATUS_TIMEOUT_MS = 1_000;

export interface CoordinatorStatus {
  readonly running: boolean;
  readonly queued: number;
  readonly iteration: number;
  readonly notificationCount: number;
  readonly unreadCount: number;
}

export interface CoordinatorHandle {
  /**
   * Investigates; calls are queued first in, first out, each with its own deadline. Resolves with what was found, also
   * when it was cancelled, ran out of time or failed: see `status`.
   * @throws NodelensError `option_invalid`, `operator_unknown`, `investigation_queue_full`, `memory_short`,
   * `lens_stopped`.
   */
  run(context: RunContext, options?: CoordinatorRunOptions): Promise<InvestigationResult>;
  /** Cancels the running investigation and all that wait; each resolves with status `cancelled`. */
  cancel(): void;
  status(): Promise<CoordinatorStatus>;
}

/** The handle, with what the system does with its coordinator. */
export interface CoordinatorControl extends CoordinatorHandle {
  /** Tells it the operators as they are now; a running investigation ends with those that it began with. */
  renew(): Promise<void>;
  /** Undefined until it is first needed. */
  node(): TreeNode | undefined;
}

export interface CoordinatorHandleOptions {
  readonly host: Host;
  readonly ports: () => Ports;
  readonly specs: () => Promise<readonly OperatorSpec[]>;
  readonly model: ModelChoice;
  /** Of runs that ask for nothing else; the agent loop when undefined. */
  readonly strategy: StrategyRef | undefined;
  readonly onEvent: (event: CoordinatorEvent) => void;
  /** @throws NodelensError `lens_stopped` */
  readonly assertRunning: () => void;
  /** @throws NodelensError `memory_short` */
  readonly assertRoom: () => Promise<void>;
  /** What `node()` tells is different now. */
  readonly onChange: () => void;
}

export function createCoordinatorHandle(options: CoordinatorHandleOptions): CoordinatorControl {
  let started: Promise<ActorRef> | undefined;
  const lives = createLives(options.onChange);
  /** Runs that have not reached the coordinator yet: a cancel comes after them. */
  let entering: Promise<unknown> = Promise.resolve();
  const actor = (): Promise<ActorRef> => {
    started ??= startCoordinator(options).then(
      (ref) => {
        lives.began();
        // One that died (or whose launcher did) is started anew by the next call.
        void ref.exited.then((reason) => {
          started = undefined;
          lives.ended(reason);
        });
        return ref;
      },
      (error: unknown) => {
        started = undefined;
        throw error;
      },
    );
    return started;
  };
  return {
    async run(context, runOptions = {}) {
      options.assertRunning();
      const { signal, strategy, ...rest } = validateCoordinatorOptions(runOptions);
      const { reason, ...more } = validateContext(context);
      const id = randomId();
      const entry = Promise.all([actor(), options.assertRoom()]);
      entering = Promise.allSettled([entering, entry]);
      const [ref] = await entry;
      const led = travelling(strategy);
      const request = { id, reason, context: more, ...rest, ...led.option };
      const cancel = (): void =>
        ref.tell({ type: 'coordinator.cancel', reason: 'by its caller', investigationId: id });
      const answer = ref.ask(asJson({ type: 'coordinator.run', request }), { timeoutMs: ANSWER_WITHIN_MS });
      if (signal?.aborted) cancel();
      signal?.addEventListener('abort', cancel, { once: true });
      try {
        return (await answer) as unknown as InvestigationResult;
      } finally {
        signal?.removeEventListener('abort', cancel);
        led.forget();
      }
    },
    cancel: () =>
      void entering
        .then(() => started)
        .then((ref) => ref?.tell({ type: 'coordinator.cancel', reason: 'by the user' }))
        // A coordinator that could not be started: told to those who asked for the runs.
        .catch(() => undefined),
    async status() {
      options.assertRunning();
      const ref = await actor();
      const status = await ref.ask({ type: 'coordinator.status' }, { timeoutMs: STATUS_TIMEOUT_MS });
      return status as unknown as CoordinatorStatus;
    },
    async renew() {
      const ref = await started?.catch(() => undefined);
      ref?.tell(asJson({ type: 'coordinator.operators', operators: await options.specs() }));
    },
    node: lives.node,
  };
}

async function startCoordinator(options: CoordinatorHandleOptions): Promise<ActorRef> {
  const input: CoordinatorInput = {
    operators: await options.specs(),
    model: options.model,
    ...(options.strategy && { strategy: options.strategy }),
    limits: defaultCoordinatorLimits,
  };
  const ref = await options.host.start(
    {
      id: 'coordinator',
      module: workerUrl('../coordinator/coordinator', import.meta.url).href,
      exportName: 'createCoordinator',
      input: asJson(input) as JsonObject,
      restart: 'permanent',
      placement: 'local',
    },
    options.ports(),
  );
  ref.onEvent((event) => options.onEvent(event as unknown as CoordinatorEvent));
  return ref;
}

interface Travelling {
  readonly option: { readonly strategy?: StrategyChoice };
  readonly forget: () => void;
}

/** A function stays here, and its name goes to the coordinator. */
function travelling(strategy: CoordinatorRunOptions['strategy']): Travelling {
  if (strategy === undefined) return { option: {}, forget: () => undefined };
  if (typeof strategy !== 'function') return { option: { strategy }, forget: () => undefined };
  const { choice, forget } = registerStrategy(strategy);
  return { option: { strategy: choice }, forget };
}

interface Lives {
  began(): void;
  ended(reason: ExitReason): void;
  node(): TreeNode | undefined;
}

function createLives(onChange: () => void): Lives {
  let count = 0;
  let startedAtMs: number | undefined;
  let lastExit: TreeNode['lastExit'];
  return {
    began() {
      count += 1;
      startedAtMs = Date.now();
      onChange();
    },
    ended(reason) {
      startedAtMs = undefined;
      lastExit = { reason: describeExit(reason), atMs: Date.now() };
      onChange();
    },
    node: () =>
      count === 0
        ? undefined
        : {
            id: 'coordinator',
            kind: 'actor',
            placement: 'local',
            status: startedAtMs === undefined ? 'stopped' : 'running',
            restarts: count - 1,
            ...(startedAtMs !== undefined && { startedAtMs }),
            ...(lastExit && { lastExit }),
          },
  };
}
