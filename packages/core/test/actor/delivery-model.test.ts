// Delivery over a ref, over random schedules of sending, cancelling, time, stop and kill. What must hold for each:
// order, at most once, every ask settled exactly once, every tell that was not handled a dead letter exactly once.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';

test('order, at most once, and every message accounted for', async () => {
  const file = new URL('./fixtures/delivery-schedules.ts', import.meta.url);
  const worker = new Worker(file, { workerData: { numRuns: 10_000, seed: 20_261_130 } });
  // A failure is told with its seed, path and the smallest schedule that shows it.
  expect(await once(worker, 'message')).toEqual(['passed 10000']);
});
