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
 * Heap of a thread when its spec names none, in MB. The small young generation is what makes running out of memory
 * end the thread only: V8 grants 16 MB above the limit until the thread is stopped, and a scavenge that promotes more
 * than that at once (the default young generation is 48 MB) aborts the whole process. Measured: ordinary arrays, strings
 * or parsed JSON abort it with the default, never with 16 or less.
 */
export const defaultResourceLimits: Required<
  Pick<ResourceLimits, 'maxOldGenerationSizeMb' | 'maxYoungGenerationSizeMb'>
> = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 8 };
