import { expect, test } from 'vitest';
import { causesOf, type Explains } from '../../../src/llm/triage/causes.ts';
import { correlate } from '../../../src/llm/triage/correlate.ts';
import { factsOf } from '../../../src/llm/triage/facts.ts';
import { draftInsight } from '../../../src/llm/triage/insight-draft.ts';
import type { Notification } from '../../../src/operator/notification.ts';
import type { Subject } from '../../../src/skill.ts';
import { functionAt, notificationOf } from './briefings.ts';

const explains: Explains = new Map([
  ['http.slow_peer', ['overload.in_flight', 'http.slow_route']],
  ['overload.in_flight', ['runtime.memory']],
  ['runtime.memory', ['gc.near_limit']],
  ['collections.growth', ['runtime.memory']],
  ['gc.near_limit', ['runtime.blocked', 'http.slow_route']],
  ['system.taken', ['runtime.blocked', 'gc.churn']],
  ['runtime.blocked', ['http.slow_route', 'gc.near_limit']],
]);

const peer: Subject = { kind: 'peer', name: 'http://10.0.0.7:8080' };
const route: Subject = { kind: 'endpoint', name: 'GET /orders' };
const heap: Subject = { kind: 'process', name: 'heap' };
const carts: Subject = { kind: 'collection', name: 'carts', file: 'src/carts.js', line: 3 };
const price = functionAt('price', 'src/price.js', 4);

const slowPeer = notificationOf({ type: 'http.slow_peer', subjects: [peer] });
const inFlight = notificationOf({ type: 'overload.in_flight', subjects: [route], severity: 'critical' });
const memory = notificationOf({ type: 'runtime.memory', subjects: [heap], severity: 'critical' });
const nearLimit = notificationOf({ type: 'gc.near_limit', subjects: [heap] });
const growth = notificationOf({ type: 'collections.growth', subjects: [carts], severity: 'critical' });
const blocked = notificationOf({ type: 'runtime.blocked', subjects: [price], severity: 'critical' });
const slowRoute = notificationOf({ type: 'http.slow_route', subjects: [route] });
const taken = notificationOf({ type: 'system.taken', subjects: [{ kind: 'resource', name: 'CPU' }] });
const diskFull = notificationOf({ type: 'system.disk_full', subjects: [{ kind: 'resource', name: '/var' }] });

interface Row {
  readonly what: string;
  readonly notifications: readonly Notification[];
  /** Of each insight: types in order, names of subjects. */
  readonly told: readonly (readonly [readonly string[], readonly string[]])[];
}

const rows: readonly Row[] = [
  {
    what: 'a chain is followed to its beginning, whatever is worst in it',
    notifications: [memory, inFlight, slowPeer],
    told: [
      [
        ['http.slow_peer', 'overload.in_flight', 'runtime.memory'],
        [peer.name, route.name],
      ],
    ],
  },
  {
    what: 'one step may be missing to what names nobody',
    notifications: [memory, slowPeer],
    told: [[['http.slow_peer', 'runtime.memory'], [peer.name]]],
  },
  {
    what: 'two missing steps are no chain: it came at the same time',
    notifications: [nearLimit, slowPeer],
    told: [[['http.slow_peer', 'gc.near_limit'], [peer.name]]],
  },
  {
    what: 'what is seen at once beats what would be a chain with a gap',
    notifications: [memory, slowPeer, growth],
    told: [
      [['collections.growth', 'runtime.memory'], ['carts']],
      [['http.slow_peer'], [peer.name]],
    ],
  },
  {
    what: 'two faults with a symptom each are two insights',
    notifications: [slowRoute, memory, slowPeer, growth],
    told: [
      [['collections.growth', 'runtime.memory'], ['carts']],
      [
        ['http.slow_peer', 'http.slow_route'],
        [peer.name, route.name],
      ],
    ],
  },
  {
    what: 'a route that both use does not tie two culprits together',
    notifications: [
      notificationOf({ type: 'runtime.cpu', subjects: [price, route] }),
      notificationOf({ type: 'http.failing_peer', subjects: [peer, route] }),
      notificationOf({ type: 'http.odd_route', subjects: [route] }),
    ],
    told: [
      [
        ['runtime.cpu', 'http.odd_route'],
        ['price', route.name],
      ],
      [['http.failing_peer'], [peer.name, route.name]],
    ],
  },
  {
    what: 'a cause that blames nobody comes after the code that it made worse',
    notifications: [taken, blocked],
    told: [
      [
        ['system.taken', 'runtime.blocked'],
        ['price', 'CPU'],
      ],
    ],
  },
  {
    what: 'a cause that blames nobody does not tie culprits together',
    notifications: [
      taken,
      blocked,
      notificationOf({ type: 'gc.churn', subjects: [functionAt('parse', 'src/p.js')] }),
    ],
    told: [
      [
        ['system.taken', 'runtime.blocked'],
        ['price', 'CPU'],
      ],
      [['gc.churn'], ['parse']],
    ],
  },
  {
    what: 'what runs short is told beside who makes it run short',
    notifications: [
      notificationOf({
        type: 'overload.pool',
        subjects: [price, { kind: 'resource', name: 'threadpool' }, route],
      }),
    ],
    told: [[['overload.pool'], ['price', 'threadpool', route.name]]],
  },
  {
    what: 'a resource in trouble that nothing explains is an insight of its own',
    notifications: [growth, diskFull],
    told: [
      [['collections.growth'], ['carts']],
      [['system.disk_full'], ['/var']],
    ],
  },
  {
    what: 'of a circle the one that names the culprit is the beginning',
    notifications: [nearLimit, blocked],
    told: [[['runtime.blocked', 'gc.near_limit'], ['price']]],
  },
];

test.each(rows)('$what', ({ notifications, told }) => {
  const groups = correlate(factsOf(notifications), explains);
  expect(
    groups.map((group) => [
      group.facts.map(({ type }) => type),
      draftInsight(group).subjects.map(({ name }) => name),
    ]),
  ).toEqual(told);
});

const hypothesisOf = (notifications: readonly Notification[]): string | undefined =>
  correlate(factsOf(notifications), explains).map((group) => draftInsight(group))[0]?.rootCauseHypothesis;

test.each([
  [
    'each step of a chain',
    [memory, inFlight, slowPeer],
    `The peer ${peer.name} is the probable cause of http.slow_peer. http.slow_peer explains overload.in_flight. overload.in_flight explains runtime.memory.`,
  ],
  [
    'the step that nobody saw',
    [memory, slowPeer],
    `The peer ${peer.name} is the probable cause of http.slow_peer. http.slow_peer explains runtime.memory if it led to overload.in_flight, which was not observed.`,
  ],
  [
    'what is not explained',
    [nearLimit, slowPeer],
    `The peer ${peer.name} is the probable cause of http.slow_peer. Seen at the same time, its cause unknown: gc.near_limit.`,
  ],
  [
    'what else may be behind it',
    [slowRoute, blocked, slowPeer],
    'The function price (src/price.js:4) is the probable cause of runtime.blocked. runtime.blocked explains http.slow_route; http.slow_peer may explain it too.',
  ],
  [
    'that a route only shows it',
    [slowRoute],
    'The endpoint GET /orders shows it; what causes it is not known.',
  ],
  [
    'what made it worse',
    [taken, blocked],
    'The function price (src/price.js:4) is the probable cause of runtime.blocked. system.taken made it worse or is the cause of it.',
  ],
])('the hypothesis tells %s', (_, notifications, said) => {
  expect(hypothesisOf(notifications)).toBe(said);
});

test('the summary begins with what names the culprit, not with what made it worse', () => {
  const [group] = correlate(factsOf([taken, blocked]), explains);
  const { subjects, summary } = draftInsight(group as NonNullable<typeof group>);
  expect(group?.facts.map(({ type }) => type)).toEqual(['system.taken', 'runtime.blocked']);
  expect(subjects[0]).toEqual(price);
  expect(summary).toBe(`${blocked.observation} ${taken.observation}`);
});

test('the beginnings of a type are found over any number of steps, in circles too', () => {
  expect([...causesOf('gc.near_limit', explains)].toSorted()).toEqual([
    'collections.growth',
    'http.slow_peer',
    'overload.in_flight',
    'runtime.blocked',
    'runtime.memory',
    'system.taken',
  ]);
});
