// The operators of one investigation: starts them, follows them, and makes sure that none outlives it.
import type { Host } from '../actor/hosts/host.ts';
import type { AskOptions } from '../actor/messages/ref.ts';
import { fail } from '../errors.ts';
import type { Id } from '../ids.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { type OperatorRun, startOperatorRun } from '../operator/run.ts';
import type { OperatorEvent, OperatorRunResult, OperatorSpec } from '../operator/spec.ts';

export interface FleetOptions {
  readonly host: Host;
  readonly investigationId: Id;
  /** Of the operators' own limits when undefined. */
  readonly maxPauseMs: number | undefined;
  readonly onEvent: (event: OperatorEvent) => void;
  /** Called once for each run, also for a failed one. */
  readonly onEnded: (result: OperatorRunResult) => void;
}

export interface Assignment {
  /** What the operator's model is told. */
  readonly context: JsonObject & { readonly reason: string };
  readonly timeoutMs: number;
}

export interface Fleet {
  /** One run of that operator; it must not be running already. */
  start(spec: OperatorSpec, assignment: Assignment): void;
  /** @throws NodelensError `actor_not_found` when it is not running, and what `ActorRef.ask` throws. */
  ask(operator: string, message: JsonValue, options: AskOptions): Promise<JsonValue>;
  /** Ends all runs; the reason becomes their error. */
  cancel(reason: unknown): void;
  /** Resolves (never rejects) when no run is left. */
  settled(): Promise<void>;
}

export function createFleet({ host, investigationId, maxPauseMs, onEvent, onEnded }: FleetOptions): Fleet {
  const cancelled = new AbortController();
  const runs = new Map<string, { run: OperatorRun; ended: Promise<void> }>();
  return {
    start: (spec, { context, timeoutMs }) => {
      const pause = maxPauseMs === undefined ? {} : { maxPauseMs };
      const request = { spec, investigationId, context, timeoutMs, ...pause };
      const run = startOperatorRun(host, request, { signal: cancelled.signal, onEvent });
      const ended = run.result.then((result) => {
        runs.delete(spec.name);
        onEnded(result);
      });
      runs.set(spec.name, { run, ended });
    },
    ask: async (operator, message, options) => {
      const found = runs.get(operator);
      if (found === undefined) throw fail('actor_not_found', { id: operator });
      return found.run.ask(message, options);
    },
    cancel: (reason) => cancelled.abort(reason),
    settled: async () => {
      await Promise.all([...runs.values()].map(({ ended }) => ended));
    },
  };
}
