// Whole runs in fixed situations, graded by what the model did (docs/evals.md). With NODELENS_EVAL_MODEL a language model
// is graded; without it the reader, which fails where prompts or tools no longer tell what they must.
import { describe, expect, test } from 'vitest';
import type { Insight } from '../../src/coordinator/insight.ts';
import { coordinatorRun, operatorRun, type Trajectory } from './harness.ts';
import { evalModel, isReal, judged } from './model.ts';
import { cacheGrows, gcPressure, memoryByCache, memoryHigh } from './reports.ts';
import * as situations from './skills.ts';

const timeout = isReal ? 300_000 : 30_000;
const HEDGES = /\b(likely|probabl[ey]|might|maybe|perhaps|possibly|seems?|may be)\b/i;
const CALM = { has: ['take_snapshot', 'done'], hasNot: ['send_notification'] };
const REPORTS = { has: ['take_snapshot', 'send_notification'], hasNot: [] };

function expectTools({ tools }: Trajectory, { has, hasNot }: typeof CALM): void {
  expect(tools).toEqual(expect.arrayContaining(has));
  for (const tool of hasNot) expect(tools).not.toContain(tool);
}

describe('an operator', { timeout }, () => {
  test.each([
    ['E1 that finds all well reports nothing and ends', situations.healthyVm, CALM],
    ['E6 whose rule says so reports', situations.mustNotify, REPORTS],
    ['E11 of an idle database reports nothing', situations.idleDatabase, CALM],
    ['E12 reports slow queries of one source', situations.slowDatabase, REPORTS],
    ['E13 without exceptions reports nothing', situations.noExceptions, CALM],
    ['E14 reports the same timeout ten times over', situations.databaseTimeouts, REPORTS],
  ])('%s', async (_, skill, expected) => {
    const run = await operatorRun(await evalModel(), skill);
    expectTools(run, expected);
    for (const { context, observation } of run.notifications)
      expect([context, observation]).toEqual([expect.stringMatching(/\S/), expect.stringMatching(/\S/)]);
  });

  test('E2 gathers evidence before it reports', async () => {
    const { tools } = await operatorRun(await evalModel(), situations.elevatedVm);
    expect(tools).toEqual(expect.arrayContaining(['take_snapshot', 'execute']));
    const reported = tools.indexOf('send_notification');
    if (reported >= 0) expect(tools.indexOf('execute')).toBeLessThan(reported);
  });

  test('E7 keeps guesses out of its facts, which have figures', async () => {
    const { notifications } = await operatorRun(await evalModel(), situations.mustNotify);
    expect(notifications).not.toHaveLength(0);
    for (const { context, observation } of notifications) {
      expect(`${context} ${observation}`).not.toMatch(HEDGES);
      expect(observation).toMatch(/\d/);
      const criterion = 'Only facts: concrete values, no speculation about causes, no hedge words.';
      expect(await judged(criterion, { context, observation })).toBeUndefined();
    }
  });
});

describe('a coordinator', { timeout }, () => {
  const reason = 'a routine look';
  const insightOf = async (
    ...reported: Parameters<typeof coordinatorRun>[1]['reported']
  ): Promise<Insight> => {
    const { insights, tools } = await coordinatorRun(await evalModel(), { reason, reported });
    expect(tools).toContain('produce_insight');
    const [first] = insights;
    if (first === undefined) throw new Error(`no insight was accepted: ${tools.join(', ')}`);
    return first;
  };

  test.each([
    ['E3 with nothing to go by looks and ends', []],
    ['E4 with one report looks at it and ends', [memoryHigh]],
    ['E5 with two reports that belong together looks at them and ends', [memoryHigh, gcPressure]],
  ])('%s', async (_, reported) => {
    const run = await coordinatorRun(await evalModel(), { reason, reported });
    expectTools(run, { has: ['get_notifications', 'done'], hasNot: [] });
  });

  test('E8 E9 does not take the guess of one operator for proven', async () => {
    const insight = await insightOf(memoryByCache);
    expect(insight.matchedObservations).toEqual([memoryByCache.observation]);
    expect(insight.hypothesisGrounded).toBe(false);
    const criterion = 'hypothesisGrounded is false, for only one operator reported.';
    expect(await judged(criterion, insight)).toBeUndefined();
  });

  test('E10 grounds a hypothesis that two operators support, by what both observed', async () => {
    const insight = await insightOf(memoryByCache, cacheGrows);
    expect(insight.hypothesisGrounded).toBe(true);
    expect(insight.matchedObservations.toSorted()).toEqual(
      [memoryByCache.observation, cacheGrows.observation].toSorted(),
    );
    const criterion = 'Two independent operators support the hypothesis, and both observations are matched.';
    expect(await judged(criterion, insight)).toBeUndefined();
  });
});
