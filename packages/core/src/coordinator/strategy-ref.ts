// Which strategy leads an investigation, as data: it travels, and the coordinator's thread loads it itself, wherever that
// thread is.
import type { JsonObject } from '../json.ts';

/** One that comes with Nodelens: `agentLoop()` or `pipeline()`. */
export interface BuiltinStrategy {
  readonly kind: 'builtin-strategy';
  readonly name: 'agent-loop' | 'pipeline';
}

/** Your own as data: `module` exports an `OwnStrategyFactory` as `exportName`. */
export interface ModuleStrategy {
  readonly kind: 'strategy-ref';
  /** For people and errors. */
  readonly name: string;
  /** URL of the module, e.g. `import.meta.resolve('./my-strategy.js')`. */
  readonly module: string;
  readonly exportName: string;
  /** What the factory gets. */
  readonly options: JsonObject;
}

/** A strategy that may travel to another thread. */
export type StrategyRef = BuiltinStrategy | ModuleStrategy;

/** The name of a function on main, known there alone. */
export interface LiveStrategy {
  readonly kind: 'live-strategy';
  readonly id: string;
}

export type StrategyChoice = StrategyRef | LiveStrategy;

/**
 * The default: the model leads, one turn after the other, with tools to invoke operators, to wait for them and to
 * record insights. For alarms, where what to look at next depends on what was found.
 */
export const agentLoop = (): BuiltinStrategy => ({ kind: 'builtin-strategy', name: 'agent-loop' });

/**
 * Two calls of the model: which operators the reason needs, then, when all of them have ended, insights and an `answer`.
 * For questions and routine checks: it costs a fraction of the loop's turns. An answer that is malformed is fed back
 * once; then the agent loop goes on with what was gathered.
 */
export const pipeline = (): BuiltinStrategy => ({ kind: 'builtin-strategy', name: 'pipeline' });
