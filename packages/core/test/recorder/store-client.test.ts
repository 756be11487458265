// The store as an actor sees it: trouble costs a run a moment and never its findings.
import { MessageChannel } from 'node:worker_threads';
import { ManualClock } from '@nodelens/testing';
import { expect, onTestFinished, test } from 'vitest';
import { fail, reasonOf } from '../../src/errors.ts';
import { keepThenTell } from '../../src/operator/keep.ts';
import { connectStore, type Keeper } from '../../src/recorder/store/client.ts';
import type { Finding, StoreDesk } from '../../src/recorder/store/desk.ts';
import { serveRpc } from '../../src/rpc.ts';
import { noticed } from './store-kit.ts';

interface Lab {
  readonly keeper: Keeper;
  readonly clock: ManualClock;
  readonly kept: readonly Finding[];
  /** So many offers are refused from now on. */
  refuse(times: number): void;
  /** Resolves when the client has been refused and waits. */
  waits(): Promise<void>;
  /** The recorder dies. */
  end(): void;
}

function createLab(): Lab {
  const { port1, port2 } = new MessageChannel();
  const kept: Finding[] = [];
  let refusals = 0;
  let refused = Promise.withResolvers<void>();
  const desk: Pick<StoreDesk, 'keep'> = {
    keep: async (finding) => {
      if (refusals === 0) return void kept.push(finding);
      refusals--;
      refused.resolve();
      refused = Promise.withResolvers();
      throw fail('store_unavailable', { what: 'it', reason: 'database or disk is full' });
    },
  };
  const undo = serveRpc(port1, desk);
  const clock = new ManualClock();
  const keeper = connectStore(port2, clock);
  onTestFinished(() => {
    keeper.close();
    undo();
  });
  return {
    keeper,
    clock,
    kept,
    refuse: (times) => {
      refusals = times;
    },
    async waits() {
      await refused.promise;
      while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
    },
    end: undo,
  };
}

/** Moves the clock on whenever the client waits, until `promise` settles. */
async function letPass<T>(lab: Lab, promise: Promise<T>, stepMs: number): Promise<T> {
  let isSettled = false;
  const settled = promise.finally(() => {
    isSettled = true;
  });
  while (!isSettled) {
    if (lab.clock.pending > 0) lab.clock.advance(stepMs);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return settled;
}

test('a store that is busy for a moment is asked again', async () => {
  const lab = createLab();
  lab.refuse(3);
  expect(await letPass(lab, lab.keeper.keep(noticed(1)), 200)).toBeUndefined();
  expect(lab.kept).toEqual([noticed(1)]);
  expect(lab.clock.now()).toBe(600);
});

test('one that does not take it holds a run up once, and gets everything in order when it is back', async () => {
  const lab = createLab();
  lab.refuse(1_000);
  const error = await letPass(lab, lab.keeper.keep(noticed(1)), 200);
  expect(error).toMatchObject({ code: 'store_unavailable' });
  expect(reasonOf(error)).toContain('disk is full');
  const at = lab.clock.now();
  expect(at).toBeLessThanOrEqual(2_200);
  expect(await lab.keeper.keep(noticed(2))).toMatchObject({ code: 'store_unavailable' });
  expect(lab.clock.now()).toBe(at);

  const again = lab.waits();
  lab.clock.advance(1_000);
  await again;
  expect(lab.kept).toEqual([]);
  lab.refuse(0);
  lab.clock.advance(10_000);
  while (lab.kept.length < 2) await new Promise((resolve) => setImmediate(resolve));
  expect(lab.kept).toEqual([noticed(1), noticed(2)]);
  while ((await letPass(lab, lab.keeper.keep(noticed(3)), 1_000)) !== undefined);
  expect(lab.kept.at(-1)).toEqual(noticed(3));
});

test('what somebody else could not bring in is brought in, and does not stand for what comes after', async () => {
  const lab = createLab();
  lab.keeper.keepLater(noticed(1));
  expect(await lab.keeper.keep(noticed(2))).toBeUndefined();
  expect(lab.kept).toEqual([noticed(2)]);
  lab.clock.advance(1_000);
  while (lab.kept.length < 2) await new Promise((resolve) => setImmediate(resolve));
  expect(lab.kept).toEqual([noticed(2), noticed(1)]);
});

test('one that is gone is not waited for', async () => {
  const lab = createLab();
  lab.end();
  expect(await lab.keeper.keep(noticed(1))).toMatchObject({ code: 'store_unavailable' });
  expect(lab.clock.now()).toBe(0);
});

test('an actor that was given no store keeps what it finds in its result', async () => {
  expect(await connectStore(undefined, new ManualClock()).keep(noticed(1))).toBeUndefined();
});

test('a finding is told after it was kept', async () => {
  const lab = createLab();
  const told: unknown[] = [];
  const telling = {
    signal: new AbortController().signal,
    tell: (mark: object) => void told.push([lab.kept.length, mark]),
  };
  expect(await keepThenTell(lab.keeper, noticed(1), telling)).toEqual({});
  expect(told).toEqual([[1, {}]]);
  lab.refuse(1_000);
  const answer = await letPass(lab, keepThenTell(lab.keeper, noticed(2), telling), 200);
  expect(answer).toMatchObject({ stored: false, code: 'store_unavailable' });
  expect(told).toEqual([
    [1, {}],
    [1, { stored: false }],
  ]);
});

test('a run that ends while the store is asked tells its finding at once, and once', async () => {
  const lab = createLab();
  lab.refuse(1);
  const run = new AbortController();
  let told = 0;
  const kept = keepThenTell(lab.keeper, noticed(1), { signal: run.signal, tell: () => void told++ });
  expect(told).toBe(0);
  run.abort();
  expect(told).toBe(1);
  await letPass(lab, kept, 200);
  expect(told).toBe(1);
  expect(lab.kept).toEqual([noticed(1)]);
});
