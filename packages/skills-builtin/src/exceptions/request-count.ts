// How many requests the app was asked for within the last minute: what its errors are a share of.

const STEP_MS = 5_000;
const STEPS = 12;

/** @param total ever growing, read every 5 s */
export function createRequestCount(total: () => number, now: () => number): () => number {
  let samples: { readonly atMs: number; readonly total: number }[] = [{ atMs: now(), total: total() }];
  // It ends with its thread.
  setInterval(() => {
    samples = [...samples, { atMs: now(), total: total() }].slice(-STEPS - 1);
  }, STEP_MS).unref();
  return () => {
    const from = now() - STEP_MS * STEPS;
    const [first] = samples.filter(({ atMs }) => atMs >= from);
    return Math.max(0, total() - (first?.total ?? 0));
  };
}
