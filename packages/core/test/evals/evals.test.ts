// Whole runs in fixed situations, graded by what the model did (docs/evals.md). With NODELENS_EVAL_MODEL a language model
// is graded; without it the reader, which fails where prompts or tools no longer tell what they must.
import { describe, expect } from 'vitest';
import type { Insight } from '../../src/coordinator/insight.ts';
import type { Model } from '../../src/llm/model.ts';
import type { Skill } from '../../src/skill.ts';
import { coordinatorRun, operatorRun } from './harness.ts';
import { judged } from './judge.ts';
import { isReal } from './model.ts';
import { cacheGrows, gcPressure, memoryByCache, memoryHigh } from './reports.ts';
import { scenario } from './scenario.ts';
import * as situations from './skills.ts';

const timeout = isReal ? 300_000 : 30_000;
const HEDGES = /\b(likely|probabl[ey]|might|maybe|perhaps|possibly|seems?|may be)\b/i;

describe('an operator', { timeout }, () => {
  scenario.for<[string, Skill]>([
    ['E1 that finds all well reports nothing and ends', situations.healthyVm],
    ['E11 of an idle database reports nothing', situations.idleDatabase],
    ['E13 without exceptions reports nothing', situations.noExceptions],
  ])('%s', async ([, skill], { model }) => {
    const { tools } = await operatorRun(model, skill);
    expect(tools).toEqual(expect.arrayContaining(['take_snapshot', 'done']));
    expect(tools).not.toContain('send_notification');
  });

  scenario.for<[string, Skill]>([
    ['E6 whose rule says so reports', situations.mustNotify],
    ['E12 reports slow queries of one source', situations.slowDatabase],
    ['E14 reports the same timeout ten times over', situations.databaseTimeouts],
  ])('%s', async ([, skill], { model }) => {
    const { tools, notifications } = await operatorRun(model, skill);
    expect(tools).toContain('take_snapshot');
    expect(notifications, 'no notification was accepted').not.toHaveLength(0);
    for (const { context, observation } of notifications)
      expect([context, observation]).toEqual([expect.stringMatching(/\S/), expect.stringMatching(/\S/)]);
  });

  scenario('E2 gathers evidence before it reports', async ({ model }) => {
    const { tools } = await operatorRun(model, situations.elevatedVm);
    expect(tools).toEqual(expect.arrayContaining(['take_snapshot', 'execute']));
    const reported = tools.indexOf('send_notification');
    if (reported >= 0) expect(tools.indexOf('execute')).toBeLessThan(reported);
  });

  scenario('E7 keeps guesses out of its facts, which have figures', async ({ model }) => {
    const { notifications } = await operatorRun(model, situations.mustNotify);
    expect(notifications, 'no notification was accepted').not.toHaveLength(0);
    for (const { context, observation } of notifications) {
      expect(`${context} ${observation}`).not.toMatch(HEDGES);
      expect(`${context} ${observation}`).toMatch(/\d/);
      const criterion = 'Only facts: concrete values, no speculation about causes, no hedge words.';
      expect(await judged(model, criterion, { context, observation })).toBeUndefined();
    }
  });
});

describe('a coordinator', { timeout }, () => {
  const reason = 'a routine look';
  const insightsOf = async (
    model: Model,
    ...reported: Parameters<typeof coordinatorRun>[1]['reported']
  ): Promise<readonly Insight[]> => {
    const { insights } = await coordinatorRun(model, { reason, reported });
    expect(insights, 'no insight was accepted').not.toHaveLength(0);
    return insights;
  };

  scenario.for<[string, Parameters<typeof coordinatorRun>[1]['reported']]>([
    ['E3 with nothing to go by looks and ends', []],
    ['E4 with one report looks at it and ends', [memoryHigh]],
    ['E5 with two reports that belong together looks at them and ends', [memoryHigh, gcPressure]],
  ])('%s', async ([, reported], { model }) => {
    const { tools } = await coordinatorRun(model, { reason, reported });
    expect(tools).toEqual(expect.arrayContaining(['get_notifications', 'done']));
  });

  scenario('E8 E9 does not take the guess of one operator for proven', async ({ model }) => {
    for (const insight of await insightsOf(model, memoryByCache)) {
      expect(insight.matchedObservations).toEqual([memoryByCache.observation]);
      expect(insight.hypothesisGrounded).toBe(false);
      const criterion = 'hypothesisGrounded is false, for only one operator reported.';
      expect(await judged(model, criterion, insight)).toBeUndefined();
    }
  });

  scenario(
    'E10 grounds a hypothesis that two operators support, by what both observed',
    async ({ model }) => {
      const insights = await insightsOf(model, memoryByCache, cacheGrows);
      const observed = [memoryByCache.observation, cacheGrows.observation];
      const joint = insights.find(({ matchedObservations: matched }) =>
        observed.every((one) => matched.includes(one)),
      );
      expect(joint, 'no insight has both observations').toMatchObject({ hypothesisGrounded: true });
      const criterion =
        'Two independent operators support the hypothesis, and both observations are matched.';
      expect(await judged(model, criterion, joint)).toBeUndefined();
    },
  );
});
