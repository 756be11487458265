// Options of single runs. Every option takes effect in that run or is rejected.
import type { OwnStrategy } from '../coordinator/own-strategy.ts';
import type { StrategyRef } from '../coordinator/strategy-ref.ts';
import { fail } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { assertPasses, is, numberFrom, shape, wholeNumber } from './checks.ts';

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
  timeoutMs: numberFrom(1),
  signal: is((value) => value instanceof AbortSignal, 'an AbortSignal'),
  maxPauseMs: numberFrom(0),
};
const runOptions = shape(common);
const coordinatorOptions = shape({
  ...common,
  skills: is(
    (value) => Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string'),
    'a list of names that is not empty',
  ),
  maxIterations: wholeNumber(1, 1000),
  strategy: is(
    (value) => typeof value === 'function' || (typeof value === 'object' && value !== null),
    'a strategy or a function: write pipeline()',
  ),
});
const context = shape(
  { reason: is((value) => typeof value === 'string' && value !== '', 'a text that is not empty') },
  { required: ['reason'], example: "{ reason: 'requests hang' }", isOpen: true },
);

/** @throws NodelensError `option_invalid` */
export function validateRunOptions(options: RunOptions): RunOptions {
  assertPasses(runOptions, options, 'options');
  return options;
}

/** @throws NodelensError `option_invalid` */
export function validateCoordinatorOptions(options: CoordinatorRunOptions): CoordinatorRunOptions {
  assertPasses(coordinatorOptions, options, 'options');
  return options;
}

/** @throws NodelensError `option_invalid` when there is no reason, or the context is not JSON. */
export function validateContext(value: RunContext): RunContext {
  assertPasses(context, value, 'context');
  try {
    return JSON.parse(JSON.stringify(value)) as RunContext;
  } catch (error) {
    throw fail('option_invalid', { option: 'context', reason: 'it is not JSON.' }, { cause: error });
  }
}
