// Readings of the allocation sampler force a full collection that V8 does not mark as forced. They are taken here
// alone, so that the collections they cause are told apart from the app's.
import type { AllocationView, GcEvent, RecorderContext } from '@nodelens/core';

interface Reading {
  readonly fromMs: number;
  toMs: number;
}

/** Both clocks are wall time, but main's records are rounded and stamped at their end. */
const TOLERANCE_MS = 100;
const KEPT = 200;

const readings = new WeakMap<RecorderContext, Reading[]>();

/** As `context.liveAllocations`. */
export const readLive = (context: RecorderContext, maxPauseMs: number): Promise<AllocationView> =>
  noted(context, () => context.liveAllocations(maxPauseMs));

/** As `context.churn`; full collections of the whole window count as ours. */
export const readChurn = (
  context: RecorderContext,
  windowMs: number,
  maxPauseMs: number,
): Promise<AllocationView> => noted(context, () => context.churn(windowMs, maxPauseMs));

async function noted<T>(context: RecorderContext, read: () => Promise<T>): Promise<T> {
  const known = readings.get(context) ?? [];
  readings.set(context, known);
  const reading: Reading = { fromMs: context.now(), toMs: Number.POSITIVE_INFINITY };
  known.push(reading);
  if (known.length > KEPT) known.shift();
  try {
    return await read();
  } finally {
    reading.toMs = context.now();
  }
}

/** The collections of a window, newest first, `forced` also for those that a reading caused. */
export function collectionsSince(context: RecorderContext, windowMs: number): readonly GcEvent[] {
  const own = readings.get(context) ?? [];
  return context.gc.since(windowMs).map((event) => {
    const isOurs =
      event.kind === 'major' &&
      own.some(
        ({ fromMs, toMs }) => event.atMs >= fromMs - TOLERANCE_MS && event.atMs <= toMs + TOLERANCE_MS,
      );
    return isOurs ? { ...event, forced: true } : event;
  });
}
