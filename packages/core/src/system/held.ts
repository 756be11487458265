// All of ours is unref'd; what the app waits for must come, in a script with nothing else to do as well.

// Taken at load: a user's fake timers must not let the process end.
const startInterval = setInterval;
const stopInterval = clearInterval;
const LONGEST_MS = 2 ** 31 - 1;

/** Keeps the process alive while `run` is under way. */
export async function held<T>(run: () => Promise<T>): Promise<T> {
  const hold = startInterval(() => {}, LONGEST_MS);
  try {
    return await run();
  } finally {
    stopInterval(hold);
  }
}
