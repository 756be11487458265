// What our threads are started with. They inherit only how modules are resolved: the user's preloads (`--import`, a
// profiler, an instrumentation) are meant for the service and would run once more in each of our threads.
import type { ResourceLimits } from 'node:worker_threads';

/** `--conditions=x`, `--conditions x`, `-C x` of `execArgv`; nothing else. */
export function threadExecArgv(execArgv: readonly string[] = process.execArgv): string[] {
  return execArgv.flatMap((argument, index) => {
    if (argument.startsWith('--conditions=')) return [argument];
    const value = execArgv[index + 1];
    const isPair = (argument === '--conditions' || argument === '-C') && value !== undefined;
    return isPair ? [`--conditions=${value}`] : [];
  });
}

/**
 * V8's own limits of a thread that runs an actor, in MB: far above what memory-watch.ts allows, so that the watch comes
 * first, and the last resort behind it. The small young generation lets V8 end the thread instead of the process: it
 * grants 16 MB above the limit, and a scavenge that promotes more than that at once (the default young generation is
 * 48 MB) aborts. Measured: ordinary arrays, strings or parsed JSON abort with the default, never with 16 or less.
 * 2 is what an operator needs: 8 costs each thread 2 MB more and makes no run faster (docs/decisions/009).
 */
export const actorResourceLimits: Required<
  Pick<ResourceLimits, 'maxOldGenerationSizeMb' | 'maxYoungGenerationSizeMb'>
> = { maxOldGenerationSizeMb: 1_024, maxYoungGenerationSizeMb: 2 };
