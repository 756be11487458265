import { expect, test } from 'vitest';
import { verifyClaim } from '../../../src/coordinator/grounding.ts';
import type { Insight } from '../../../src/coordinator/insight.ts';
import type { Explains } from '../../../src/llm/triage/causes.ts';
import { correlate } from '../../../src/llm/triage/correlate.ts';
import { factsOf } from '../../../src/llm/triage/facts.ts';
import { draftInsight, type InsightDraft } from '../../../src/llm/triage/insight-draft.ts';
import type { Notification } from '../../../src/operator/notification.ts';
import { functionAt, notificationOf } from './briefings.ts';

const slowPrice = functionAt('slowPrice', 'src/pricing.js', 42);
const render = functionAt('render', 'src/view.js', 7);
const cache = { kind: 'collection', name: 'recentCarts', file: 'src/cache.js', line: 3 } as const;
const heap = { kind: 'resource', name: 'heap' } as const;

const explains: Explains = new Map([
  ['collections.growing', ['runtime.memory_growing', 'gc.pressure']],
  ['gc.churn', ['runtime.loop_delayed']],
  ['net.drops', ['runtime.loop_delayed']],
  ['runtime.memory_growing', ['gc.pressure']],
]);

const draftsOf = (notifications: readonly Notification[]): readonly InsightDraft[] =>
  correlate(factsOf(notifications), explains).map((group) =>
    draftInsight(
      group,
      notifications.filter(
        ({ id }) => !group.facts.some((fact) => fact.notifications.some((one) => one.id === id)),
      ),
    ),
  );

interface Row {
  readonly what: string;
  readonly notifications: readonly Notification[];
  /** Correlation, indexes of notifications, names of subjects, grounded, confidence. */
  readonly insights: readonly [
    Insight['correlationType'],
    number[],
    string[],
    boolean,
    Insight['confidence'],
  ][];
}

const blocked = notificationOf({
  type: 'runtime.loop_blocked',
  severity: 'critical',
  observation: 'slowPrice blocked the event loop for 900 ms.',
  hypothesis: 'slowPrice parses each price again.',
  subjects: [slowPrice],
});
const blockedSomehow = notificationOf({ type: 'runtime.loop_blocked', severity: 'critical', at: -1 });
const memory = notificationOf({ type: 'runtime.memory_growing', subjects: [heap] });
const growing = notificationOf({
  type: 'collections.growing',
  observation: 'recentCarts holds 90,000 entries.',
  subjects: [cache, functionAt('remember', 'src/cache.js', 9)],
  at: 5,
});
const pressure = notificationOf({ type: 'gc.pressure', subjects: [heap], at: 3 });
const churn = notificationOf({ type: 'gc.churn', subjects: [render], at: 1 });
const hot = notificationOf({
  type: 'runtime.cpu_hot',
  subjects: [functionAt('View.render', '/app/src/view.js', 7)],
});
const delayed = notificationOf({
  type: 'runtime.loop_delayed',
  subjects: [{ kind: 'process', name: 'shop' }],
});
const drops = notificationOf({ type: 'net.drops', subjects: [{ kind: 'peer', name: 'redis' }], at: -1 });
const lag = notificationOf({ type: 'other.lag', at: 50 });
const lateLag = notificationOf({ type: 'other.late_lag', at: 90 });
const note = notificationOf({
  type: 'gc.note',
  severity: 'info',
  observation: 'Most time is spent below slowPrice.',
});
const plainNote = notificationOf({ type: 'gc.note', severity: 'info' });

const rows: readonly Row[] = [
  { what: 'nothing', notifications: [], insights: [] },
  { what: 'information only', notifications: [note, plainNote], insights: [] },
  {
    what: 'a critical one with its function is an insight of its own, of high confidence',
    notifications: [blocked],
    insights: [['symptomatic', [0], ['slowPrice'], false, 'high']],
  },
  {
    what: 'an early one that knows only the kind is part of the later one that names the function',
    notifications: [blockedSomehow, blocked],
    insights: [['symptomatic', [0, 1], ['slowPrice'], false, 'high']],
  },
  {
    what: 'a warning with its function is of medium confidence, without one of low',
    notifications: [hot],
    insights: [['symptomatic', [0], ['View.render'], false, 'medium']],
  },
  {
    what: 'a mere kind is of low confidence',
    notifications: [delayed],
    insights: [['symptomatic', [0], ['shop'], false, 'low']],
  },
  {
    what: 'one function seen by two operators is grounded',
    notifications: [churn, hot],
    insights: [['symptomatic', [1, 0], ['View.render'], true, 'high']],
  },
  {
    what: 'a cause comes first with its subjects, and its effects follow',
    notifications: [memory, pressure, growing],
    insights: [['causal', [2, 0, 1], ['recentCarts', 'remember'], false, 'medium']],
  },
  {
    what: 'another operator that mentions the culprit supports it and is part of the evidence',
    notifications: [blocked, note],
    insights: [['symptomatic', [0, 1], ['slowPrice'], true, 'high']],
  },
  {
    what: 'two faults with a function each are two insights, the worse first',
    notifications: [churn, blocked],
    insights: [
      ['symptomatic', [1], ['slowPrice'], false, 'high'],
      ['symptomatic', [0], ['render'], false, 'medium'],
    ],
  },
  {
    what: 'facts that only came together in time are temporal, the one that names code first',
    notifications: [lag, hot],
    insights: [['temporal', [1, 0], ['View.render'], false, 'medium']],
  },
  {
    what: 'facts more than a minute apart stay apart',
    notifications: [delayed, lateLag],
    insights: [
      ['symptomatic', [0], ['shop'], false, 'low'],
      ['symptomatic', [1], [], false, 'low'],
    ],
  },
  {
    what: 'two causes of one effect are two insights: the more telling takes it, named or not',
    notifications: [delayed, churn, drops],
    insights: [
      ['causal', [1, 0], ['render'], false, 'medium'],
      ['symptomatic', [2], ['redis'], false, 'medium'],
    ],
  },
  {
    what: 'a cause that names nobody is still the cause',
    notifications: [pressure, memory],
    insights: [['causal', [1, 0], ['heap'], false, 'low']],
  },
];

test.each(rows)('$what', ({ notifications, insights }) => {
  const found = draftsOf(notifications).map((draft) => [
    draft.correlationType,
    draft.notificationIds.map((id) => notifications.findIndex((one) => one.id === id)),
    draft.subjects.map(({ name }) => name),
    draft.hypothesisGrounded,
    draft.confidence,
  ]);
  expect(found).toEqual(insights);
});

test.each(rows)('the coordinator accepts what is claimed: $what', ({ notifications }) => {
  const skillOf = (operator: string): string => operator;
  for (const draft of draftsOf(notifications))
    expect(verifyClaim(draft, { notifications, skillOf })).toMatchObject({ ok: true });
});

test('matched observations are word for word, and the summary is made of observations', () => {
  const [draft] = draftsOf([memory, growing]);
  expect(draft?.matchedObservations).toEqual([growing.observation, memory.observation]);
  expect(draft?.summary).toBe(`${growing.observation} ${memory.observation}`);
});

test.each([
  [
    'function, file, line and what the operator supposes',
    [blocked],
    'The function slowPrice (src/pricing.js:42) is the probable cause of runtime.loop_blocked: slowPrice parses each price again.',
  ],
  [
    'an anonymous function by its place',
    [notificationOf({ type: 'gc.churn', subjects: [functionAt('(anonymous)', 'a.js', 5)] })],
    'The function (anonymous) (a.js:5) is the probable cause of gc.churn.',
  ],
  [
    'a collection, and what it explains',
    [growing, memory],
    'The collection recentCarts (src/cache.js:3) is the probable cause of collections.growing. collections.growing explains runtime.memory_growing.',
  ],
  [
    'what was supposed, and that nobody is named',
    [notificationOf({ hypothesis: 'A slow disk?' })],
    'A slow disk? What causes it is not known.',
  ],
  ['nothing when there is nothing', [notificationOf()], undefined],
])('the hypothesis says %s', (_, notifications, said) => {
  expect(draftsOf(notifications)[0]?.rootCauseHypothesis).toBe(said);
});

test('a hypothesis is not grounded by the same operator saying it twice', () => {
  const again = notificationOf({
    type: 'runtime.cpu_hot',
    observation: 'slowPrice is hot.',
    subjects: [slowPrice],
  });
  expect(draftsOf([blocked, again])).toMatchObject([
    { hypothesisGrounded: false, correlationType: 'symptomatic' },
  ]);
});

test('two operators of one skill do not support each other', () => {
  const other = notificationOf({ ...blocked, id: 'b'.repeat(16), operator: 'second-runtime' });
  expect(draftsOf([blocked, other])).toMatchObject([{ hypothesisGrounded: false }]);
});

test('what most notifications agree on comes before what only one names', () => {
  const both = notificationOf({ type: 'runtime.a', subjects: [render, slowPrice] });
  const one = notificationOf({ type: 'gc.b', subjects: [slowPrice], at: 1 });
  expect(draftsOf([both, one])).toMatchObject([{ subjects: [slowPrice, render], hypothesisGrounded: true }]);
});

test('a resource that both use does not tie two culprits together', () => {
  const a = notificationOf({ type: 'runtime.a', subjects: [slowPrice, heap] });
  const b = notificationOf({ type: 'gc.b', subjects: [render, heap] });
  expect(draftsOf([a, b])).toHaveLength(2);
});

test('two functions that one operator reports under one type are two facts', () => {
  const a = notificationOf({ subjects: [slowPrice] });
  const b = notificationOf({ subjects: [render], at: 1 });
  const again = notificationOf({ subjects: [slowPrice], at: 2, severity: 'critical' });
  const facts = factsOf([a, b, again]);
  expect(facts.map(({ lead, notifications, weight }) => [lead.id, notifications.length, weight])).toEqual([
    [again.id, 2, 3],
    [b.id, 1, 2],
  ]);
});
