import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { isError } from '../../src/errors.ts';
import { defineSkill } from '../../src/skill.ts';
import type { NodelensOptions } from '../../src/system/options.ts';
import { Nodelens } from '../../src/system.ts';
import type { LensEventType, ToldEventOf } from '../../src/telemetry/events.ts';
import { startLens } from './kit.ts';

const quick = { sampleEveryMs: 100, learnMs: 1_000, consecutive: 3 };

const jobs = (depth: () => number): NonNullable<NodelensOptions['operators']> => [
  {
    skill: defineSkill({
      id: 'jobs',
      title: 'Jobs',
      description: 'The queue of jobs',
      systemPrompt: 'You watch a queue.',
      snapshot: () => ({ depth: depth() }),
      callbacks: {},
    }),
  },
];

const next = <T extends LensEventType>(lens: Nodelens, type: T): Promise<ToldEventOf<T>> =>
  new Promise((resolve) => {
    const undo = lens.on(type, (event) => {
      undo();
      resolve(event);
    });
  });

test('a metric that leaves its range is told and investigated; what is usual survives a restart', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'nodelens-anomaly-'));
  onTestFinished(() => rm(dataDir, { recursive: true }));
  let depth = 10;
  const options = { dataDir, operators: jobs(() => depth), anomaly: quick };

  const first = await startLens(options);
  expect(await next(first, 'anomaly.learned')).toMatchObject({ metrics: 1 });
  const told = Promise.all([
    next(first, 'anomaly.detected'),
    next(first, 'investigation.triggered'),
    next(first, 'incident.opened'),
  ]);
  depth = 900;
  const [{ anomaly }, triggered, { incident }] = await told;
  expect(anomaly).toMatchObject({ skill: 'jobs', metric: 'depth', value: 900, expected: 10 });
  expect(triggered).toMatchObject({ by: 'anomaly', isStarted: true });
  expect(triggered.reason).toContain('jobs.depth is 900 (usually 10)');
  expect(incident).toMatchObject({
    severity: 'warning',
    title: triggered.reason,
    investigationIds: [triggered.investigationId],
  });
  const ended = next(first, 'anomaly.ended');
  depth = 10;
  expect(await ended).toMatchObject({ skill: 'jobs', metric: 'depth' });
  await first.stop();

  depth = 900;
  const second = await startLens({ ...options, anomaly: { ...quick, investigate: false } });
  let isLearning = false;
  second.on('anomaly.learned', () => {
    isLearning = true;
  });
  expect((await next(second, 'anomaly.detected')).anomaly).toMatchObject({ value: 900, expected: 10 });
  expect(isLearning).toBe(false);
});

const wrong: readonly [string, object, RegExp][] = [
  ['no pace', { sampleEveryMs: 0 }, /anomaly\.sampleEveryMs/],
  ['a threshold below one', { threshold: 0.5 }, /anomaly\.threshold/],
  ['an unknown setting', { zThreshold: 3 }, /zThreshold/],
];
test.each(wrong)('%s is refused', async (_, anomaly, says) => {
  const error: unknown = await Nodelens.start({ anomaly } as NodelensOptions).catch(
    (reason: unknown) => reason,
  );
  expect(isError(error, 'option_invalid') && error.message).toMatch(says);
});
