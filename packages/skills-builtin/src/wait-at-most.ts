// Waiting for what may take long, such as the answer of a main that is blocked.

/** Resolves when `work` has settled, or after `ms`; never rejects. */
export async function waitAtMost(ms: number, work: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const settled = work.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([settled, promise]);
  clearTimeout(timer);
}
