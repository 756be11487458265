// Waiting for main's word in shared memory: no request, no polling, no loop of main's.

/** Resolves when the bell has rung since `seen`, after `ms`, or on abort. */
export async function rung(
  bell: Int32Array,
  seen: number,
  { ms, signal }: { ms: number; signal: AbortSignal },
): Promise<void> {
  if (signal.aborted || ms <= 0) return;
  const aborted = Promise.withResolvers<void>();
  const end = (): void => aborted.resolve();
  signal.addEventListener('abort', end, { once: true });
  try {
    const { async: isAsync, value } = Atomics.waitAsync(bell, 0, seen, ms);
    if (isAsync) await Promise.race([value, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}
