// A budget of events within a second, for probes on main: constant cost, no timer.

// Taken at load: a user's fake timers must not stop the windows.
const now = performance.now.bind(performance);

/** Returns a function that admits while fewer than its `limit` have been admitted in this second. */
export function createBudget(): (limit: number) => boolean {
  let windowAt = now();
  let admitted = 0;
  return (limit) => {
    const at = now();
    if (at - windowAt >= 1_000) {
      windowAt = at;
      admitted = 0;
    }
    if (admitted >= limit) return false;
    admitted += 1;
    return true;
  };
}
