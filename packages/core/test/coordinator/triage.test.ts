// The embedded model on the real loops, tools, sandbox and skill host: two skills whose checks agree on a culprit.
import { expect, test } from 'vitest';
import { pipeline } from '../../src/coordinator/strategy-ref.ts';
import type { JsonObject } from '../../src/json.ts';
import { triage } from '../../src/llm/references.ts';
import type { Check, Skill } from '../../src/skill.ts';
import { createLab, skillNamed } from './lab.ts';

const culprit = { kind: 'collection' as const, name: 'sessionCache', file: '/app/cart.js', line: 3 };

const check = (id: string, overrides: Partial<Check> = {}): Check => ({
  id,
  when: ({ figure }: JsonObject) => (Number(figure) > 80 ? { figure } : undefined),
  investigate: 'return { at: (await get_current_time()).unixMs > 0 }',
  conclude: (evidence) =>
    (evidence as JsonObject).at === true
      ? {
          severity: 'critical',
          context: 'The heap is nearly full.',
          observation: `sessionCache grew as ${id} saw it.`,
          hypothesis: 'sessionCache in /app/cart.js never evicts.',
          subjects: [culprit],
        }
      : undefined,
  ...overrides,
});

const skill = (id: string, checks: readonly Check[], figure = 90): Skill => ({
  ...skillNamed(id),
  checks,
  keywords: ['memory'],
  snapshot: () => ({ figure }),
});

test('operators that agree on a culprit give a grounded insight that names it with its place', async () => {
  const skills = [
    skill('collections', [check('collections.unbounded', { explains: ['runtime.memory'] })]),
    skill('runtime', [check('runtime.memory')]),
  ];
  const lab = await createLab({ coordinator: triage(), operators: triage(), skills });
  const result = await lab.run({ reason: 'memory alert' });
  expect(result).toMatchObject({
    status: 'completed',
    operators: [
      { status: 'completed', state: 'critical' },
      { status: 'completed', state: 'critical' },
    ],
    usage: { model: 'triage', inputTokens: 0 },
  });
  expect(result.insights).toMatchObject([
    { hypothesisGrounded: true, confidence: 'high', notificationIds: [{}, {}].map(() => expect.any(String)) },
  ]);
  expect(result.insights[0]?.subjects[0]).toMatchObject(culprit);
});

test('in the pipeline it chooses operators, then correlates what they found, in two turns', async () => {
  const skills = [skill('runtime', [check('runtime.memory')]), skillNamed('gc')];
  const lab = await createLab({ coordinator: triage(), operators: triage(), skills });
  const result = await lab.run({ reason: 'memory alert', strategy: pipeline() });
  expect(result).toMatchObject({ status: 'completed', insights: [{ subjects: [culprit] }] });
  expect(result.operators.map(({ operator }) => operator)).toEqual(['runtime']);
  expect(lab.events.filter(({ type }) => type === 'coordinator.step')).toHaveLength(2);
});

test('a healthy process gives no notification and no insight', async () => {
  const skills = [skill('runtime', [check('runtime.memory')], 10)];
  const lab = await createLab({ coordinator: triage(), operators: triage(), skills });
  expect(await lab.run({ reason: 'memory alert' })).toMatchObject({
    status: 'completed',
    operators: [{ status: 'completed', state: 'healthy' }],
    notifications: [],
    insights: [],
  });
});

test('the evidence of a check reaches it whole, also when it is more than a language model is shown', async () => {
  const large = check('runtime.memory', {
    investigate: 'return { at: true, entries: Array.from({ length: 4000 }, (_, n) => n + 10_000) }',
    conclude: (evidence) => ({
      severity: 'warning',
      context: 'The heap is nearly full.',
      observation: `${(evidence as { entries: number[] }).entries.length} entries.`,
      subjects: [culprit],
    }),
  });
  const lab = await createLab({
    coordinator: triage(),
    operators: triage(),
    skills: [skill('runtime', [large])],
  });
  expect(await lab.run({ reason: 'memory alert' })).toMatchObject({
    notifications: [{ observation: '4000 entries.' }],
  });
});
