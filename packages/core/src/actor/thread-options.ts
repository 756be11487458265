// What our threads inherit from the process: only how modules are resolved. The user's preloads (`--import`, a
// profiler, an instrumentation) are meant for the service and would run once more in each of our threads.

/** `--conditions=x`, `--conditions x`, `-C x` of `execArgv`; nothing else. */
export function threadExecArgv(execArgv: readonly string[] = process.execArgv): string[] {
  return execArgv.flatMap((argument, index) => {
    if (argument.startsWith('--conditions=')) return [argument];
    const value = execArgv[index + 1];
    const isPair = (argument === '--conditions' || argument === '-C') && value !== undefined;
    return isPair ? [`--conditions=${value}`] : [];
  });
}

/** Heap of an actor's thread when its spec names none, in MB. */
export const DEFAULT_OLD_GENERATION_MB = 128;
