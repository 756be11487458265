// Options of single runs. Every option takes effect in that run or is rejected.
import * as v from 'valibot';
import type { OwnStrategy } from '../coordinator/own-strategy.ts';
import type { StrategyRef } from '../coordinator/strategy-ref.ts';
import { fail } from '../errors.ts';
import type { JsonObject } from '../json.ts';

/** Why the run happens, and whatever else the model should know; JSON. */
export type RunContext = JsonObject & { readonly reason: string };

export interface RunOptions {
  /** Deadline in ms. Default 300,000. */
  readonly timeoutMs?: number;
  /** Stops the run: model calls are aborted and threads ended; what was found until then is returned. */
  readonly signal?: AbortSignal;
  /** Pause of main that one skill call may cause, in ms. Default: the system's limit (250). */
  readonly maxPauseMs?: number;
}

export interface CoordinatorRunOptions extends RunOptions {
  /** Names of operators, or ids of skills, that are available in this run. Default: all. */
  readonly skills?: readonly string[];
  /** Turns of the coordinator's model. Default 25. */
  readonly maxIterations?: number;
  /**
   * How this run is led: `agentLoop()`, `pipeline()`, a module of your own, or a function, which is called on main like
   * all of this run's coordinator. Default: the system's.
   */
  readonly strategy?: StrategyRef | OwnStrategy;
}

const common = {
  timeoutMs: v.optional(v.pipe(v.number(), v.minValue(1))),
  signal: v.optional(v.instance(AbortSignal)),
  maxPauseMs: v.optional(v.pipe(v.number(), v.minValue(0))),
};
const runOptions = v.strictObject(common);
const coordinatorOptions = v.strictObject({
  ...common,
  skills: v.optional(v.pipe(v.array(v.string()), v.minLength(1))),
  maxIterations: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000))),
  strategy: v.optional(
    v.custom<StrategyRef | OwnStrategy>(
      (value) => typeof value === 'function' || typeof value === 'object',
      'it must be a strategy or a function.',
    ),
  ),
});
const context = v.looseObject({ reason: v.pipe(v.string(), v.nonEmpty()) });

/** @throws NodelensError `option_invalid` */
export const validateRunOptions = (options: RunOptions): RunOptions =>
  checked(runOptions, options, 'options');

/** @throws NodelensError `option_invalid` */
export const validateCoordinatorOptions = (options: CoordinatorRunOptions): CoordinatorRunOptions =>
  checked(coordinatorOptions, options, 'options');

/** @throws NodelensError `option_invalid` when there is no reason, or the context is not JSON. */
export function validateContext(value: RunContext): RunContext {
  checked(context, value, 'context');
  try {
    return JSON.parse(JSON.stringify(value)) as RunContext;
  } catch (error) {
    throw fail('option_invalid', { option: 'context', reason: 'it is not JSON.' }, { cause: error });
  }
}

function checked<T>(schema: v.GenericSchema, value: T, name: string): T {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return value;
  const [issue] = parsed.issues;
  throw fail('option_invalid', { option: v.getDotPath(issue) ?? name, reason: issue.message });
}
