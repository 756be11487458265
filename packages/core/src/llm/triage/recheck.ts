// When incomplete evidence is looked at again. Pure.

/** Waiting of one round in all, in ms. */
const MAX_WAITING_MS = 60_000;
/** Left to report and finish, in ms. */
const RESERVE_MS = 10_000;
/** A check that asks for less would burn the iterations of the run. */
const MIN_WAIT_MS = 250;
/** From the fourth wait on each is half as long again, so that 60 s fit into the 25 iterations of a run. */
const EVEN_WAITS = 3;

/**
 * The next wait in ms, or undefined when there is no time for another look.
 * @param askedMs what the check asks for; `waits` are those of this round, in ms
 */
export function nextRecheckMs(
  askedMs: number,
  waits: readonly number[],
  remainingMs: number,
): number | undefined {
  const growth = 1.5 ** Math.max(0, waits.length - EVEN_WAITS + 1);
  const ms = Math.round(Math.max(askedMs, MIN_WAIT_MS) * growth);
  const waitedMs = waits.reduce((sum, one) => sum + one, 0);
  const isInTime = waitedMs + ms <= MAX_WAITING_MS && remainingMs - ms >= RESERVE_MS;
  return isInTime ? ms : undefined;
}
