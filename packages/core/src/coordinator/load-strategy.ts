// Turns a strategy as data into one that leads, in the coordinator's thread.
import { fail, isError, reasonOf } from '../errors.ts';
import { leadByLoop } from './agent-loop.ts';
import { liveStrategy } from './live-strategies.ts';
import { leadByOwn, type OwnStrategy, type OwnStrategyFactory } from './own-strategy.ts';
import { leadByPipeline } from './pipeline.ts';
import type { Strategy } from './strategy.ts';
import type { ModuleStrategy, StrategyChoice } from './strategy-ref.ts';

/** @throws NodelensError `strategy_failed` when it cannot be loaded here. */
export async function loadStrategy(choice: StrategyChoice): Promise<Strategy> {
  switch (choice.kind) {
    case 'builtin-strategy':
      return choice.name === 'pipeline' ? leadByPipeline : leadByLoop;
    case 'live-strategy': {
      const own = liveStrategy(choice);
      if (own === undefined) throw failed('function', 'it is not on the thread of this coordinator.');
      return leadByOwn(own, own.name || 'function');
    }
    case 'strategy-ref':
      return leadByOwn(await loadOwn(choice), choice.name);
    default:
      return choice satisfies never;
  }
}

async function loadOwn({ name, module, exportName, options }: ModuleStrategy): Promise<OwnStrategy> {
  try {
    const exports: Record<string, unknown> = await import(module);
    const factory = exports[exportName];
    if (typeof factory !== 'function') throw failed(name, `${module} exports no function "${exportName}".`);
    const own = await (factory as OwnStrategyFactory)(options);
    if (typeof own !== 'function') throw failed(name, `"${exportName}" returned no function.`);
    return own;
  } catch (error) {
    throw isError(error) ? error : failed(name, reasonOf(error), error);
  }
}

const failed = (strategy: string, reason: string, cause?: unknown): Error =>
  fail('strategy_failed', { strategy, reason }, cause === undefined ? {} : { cause });
