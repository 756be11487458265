import { ManualClock } from '@nodelens/testing';
import { expect, test } from 'vitest';
import { fail } from '../../src/errors.ts';
import type { JsonObject } from '../../src/json.ts';
import { createSampling, type Sample, type Sampling } from '../../src/recorder/sampling.ts';

interface Lab {
  readonly clock: ManualClock;
  readonly sampling: Sampling;
  /** Skills in the order in which they were asked. */
  readonly asked: string[];
  /** Answers the oldest question that is open; resolves when all have been told. */
  answer(outcome?: JsonObject | Error): Promise<void>;
}

function createLab(): Lab {
  const clock = new ManualClock();
  const asked: string[] = [];
  const open: PromiseWithResolvers<JsonObject>[] = [];
  const snapshot = (skill: string): Promise<JsonObject> => {
    asked.push(skill);
    const question = Promise.withResolvers<JsonObject>();
    open.push(question);
    return question.promise;
  };
  return {
    clock,
    asked,
    sampling: createSampling({ snapshot, clock }),
    async answer(outcome = {}) {
      const question = open.shift() ?? expect.fail('nobody was asked');
      if (outcome instanceof Error) question.reject(outcome);
      else question.resolve(outcome);
      await question.promise.catch(() => undefined);
      // What is awaited inside has its turn before this.
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

const times = (samples: readonly Sample[]): readonly number[] => samples.map(({ atMs }) => atMs);

test('one snapshot serves all who follow, each at its own pace at least', async () => {
  const { clock, sampling, asked, answer } = createLab();
  const often: Sample[] = [];
  const seldom: Sample[] = [];
  sampling.follow('gc', 1_000, (sample) => often.push(sample));
  sampling.follow('gc', 3_000, (sample) => seldom.push(sample));
  await answer();
  for (let i = 0; i < 6; i++) {
    clock.advance(1_000);
    await answer();
  }
  expect(times(often)).toEqual([0, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000]);
  expect(times(seldom)).toEqual([0, 3_000, 6_000]);
  expect(asked).toHaveLength(7);
});

test('a skill that is slow is never asked twice at once, and one that is asked for meanwhile comes after it', async () => {
  const { clock, sampling, asked, answer } = createLab();
  const told: Sample[] = [];
  sampling.follow('gc', 1_000, (sample) => told.push(sample));
  clock.advance(5_000);
  sampling.now('gc');
  expect(asked).toEqual(['gc']);
  await answer({ n: 1 });
  expect(asked).toEqual(['gc', 'gc']);
  await answer({ n: 2 });
  expect(told).toEqual([
    { skill: 'gc', atMs: 0, data: { n: 1 } },
    { skill: 'gc', atMs: 5_000, data: { n: 2 } },
  ]);
});

test('what is asked for at once reaches those too whose time has not come', async () => {
  const { clock, sampling, answer } = createLab();
  const told: Sample[] = [];
  sampling.follow('gc', 60_000, (sample) => told.push(sample));
  await answer();
  clock.advance(10_000);
  sampling.now('gc');
  await answer();
  expect(times(told)).toEqual([0, 10_000]);
});

test('a failure is told as one, and the next snapshot is taken in its time', async () => {
  const { clock, sampling, answer } = createLab();
  const told: Sample[] = [];
  sampling.follow('gc', 1_000, (sample) => told.push(sample));
  await answer(fail('rpc_timeout', { peer: 'main' }));
  clock.advance(1_000);
  await answer(new Error('broken'));
  clock.advance(1_000);
  await answer({ fine: true });
  expect(told).toMatchObject([
    { error: { code: 'rpc_timeout' } },
    { error: { code: 'skill_snapshot_failed', data: { reason: 'broken' } } },
    { data: { fine: true } },
  ]);
});

test('who does not follow any more hears nothing, and nobody asks for nobody', async () => {
  const { clock, sampling, asked, answer } = createLab();
  const told: Sample[] = [];
  const unfollow = sampling.follow('gc', 1_000, (sample) => told.push(sample));
  unfollow();
  await answer();
  sampling.follow('http', 1_000, (sample) => told.push(sample));
  sampling.close();
  await answer();
  clock.advance(10_000);
  expect(told).toEqual([]);
  expect(asked).toEqual(['gc', 'http']);
  expect(clock.pending).toBe(0);
});
