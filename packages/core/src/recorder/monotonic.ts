// The one clock that all threads and V8's profiler share: CLOCK_MONOTONIC. Captured at load, so that fake timers in
// the user's tests do not reach it.

const now = performance.now.bind(performance);
const [seconds, nanos] = process.hrtime();
const offset = seconds * 1_000 + nanos / 1e6 - now();

/** Monotonic ms, comparable between threads of this process. Allocates nothing. */
export const monotonicMs = (): number => now() + offset;

/** The monotonic time of a `performance` timestamp of this thread. */
export const fromPerformance = (startTime: number): number => startTime + offset;

/** Wall-clock ms of a monotonic time. */
export const toWallMs = (monotonic: number): number => Date.now() - (monotonicMs() - monotonic);
