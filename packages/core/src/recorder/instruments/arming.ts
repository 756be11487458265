// Whether the profiler and the allocation sampler may be armed: never while the user profiles or debugs the process,
// because a second session would flood stderr, or end the user's own sampling.

/** The options that stand against arming, by the flag or variable that says so. */
const PROFILING_FLAGS = ['--cpu-prof', '--heap-prof', '--inspect', '--inspect-brk', '--inspect-wait'];

/** By what the process is profiled or debugged; undefined when arming is safe. */
export function armingObstacle(execArgv: readonly string[], env: NodeJS.ProcessEnv): string | undefined {
  if (env.NODE_V8_COVERAGE) return 'NODE_V8_COVERAGE';
  const flags = [...execArgv, ...(env.NODE_OPTIONS ?? '').split(/\s+/)].map((flag) => flag.split('=', 1)[0]);
  return flags.find((flag) => flag !== undefined && PROFILING_FLAGS.includes(flag));
}
