import type { Insight, Notification, Subject } from '@nodelens/core';
import { expect, test } from 'vitest';
import type { Case } from '../../src/bench/case.ts';
import { namedAfterMs, scoreOf } from '../../src/bench/score.ts';

const one = {
  id: 'one',
  causes: [
    {
      anyOf: [
        { kind: 'function', name: 'load', file: 'catalogue.mjs' },
        { kind: 'collection', name: 'pages', file: 'catalogue.mjs' },
      ],
    },
    { anyOf: [{ kind: 'peer', name: '{payments}' }] },
  ],
  accepted: [{ kind: 'endpoint', name: 'GET /pay' }],
} as unknown as Case;
const names = { payments: '127.0.0.1:4312' };

const load: Subject = { kind: 'function', name: 'Catalogue.load', file: '/srv/app/catalogue.mjs', line: 3 };
const payments: Subject = { kind: 'peer', name: 'http://127.0.0.1:4312' };
const other = (name: string): Subject => ({ kind: 'function', name, file: '/srv/app/other.mjs' });

const notification = (id: string, observation: string): Notification =>
  ({
    id,
    observation,
    snapshots: [{ id: 's', skill: 'x', capturedAt: '', data: {} }],
  }) as unknown as Notification;
const insight = (subjects: readonly Subject[], cites: Partial<Insight> = {}): Insight =>
  ({
    id: 'i',
    notificationIds: ['n'],
    matchedObservations: ['seen'],
    subjects,
    ...cites,
  }) as unknown as Insight;
const found = (insights: readonly Insight[]) => ({ insights, notifications: [notification('n', 'seen')] });

test('every cause named, nothing besides: 1', () => {
  expect(scoreOf(one, found([insight([load]), insight([payments])]), names)).toMatchObject({
    isSolved: true,
    score: 1,
    missing: [],
    wrong: [],
  });
});

test('a cause that is missing makes it 0, whatever else is right', () => {
  expect(scoreOf(one, found([insight([load])]), names)).toMatchObject({
    isSolved: false,
    score: 0,
    missing: ['peer {payments}'],
  });
});

test('what is said besides costs precision; an accepted symptom does not', () => {
  const said = [
    insight([load]),
    insight([payments]),
    insight([{ kind: 'endpoint', name: 'GET /pay' }]),
    insight([other('innocent')]),
  ];
  expect(scoreOf(one, found(said), names)).toMatchObject({
    isSolved: true,
    score: 0.75,
    wrong: ['function innocent (app/other.mjs)'],
  });
});

test('a list of everything names nothing', () => {
  const everything = insight([other('a'), other('b'), other('c'), load, payments]);
  expect(scoreOf(one, found([everything]), names).isSolved).toBe(false);
});

test.each([
  ['another file', { ...load, file: '/srv/app/other.mjs' }],
  ['another kind', { ...load, kind: 'endpoint' as const }],
  ['another name', { ...load, name: 'Catalogue.reload' }],
])('%s is not the cause', (_what, subject) => {
  expect(scoreOf(one, found([insight([subject]), insight([payments])]), names).isSolved).toBe(false);
});

test('an address is not the beginning of another one', () => {
  const longer = { kind: 'peer', name: 'http://127.0.0.1:43121' } as const;
  expect(scoreOf(one, found([insight([load]), insight([longer])]), names).missing).toEqual([
    'peer {payments}',
  ]);
});

test('no insight, no division by zero', () => {
  expect(scoreOf(one, { insights: [], notifications: [] }, names).score).toBe(0);
});

test.each([
  ['a notification that was not sent', { notificationIds: ['x'] }, 'cites what was not reported'],
  ['nothing', { notificationIds: [] }, 'cites what was not reported'],
  ['what nobody observed', { matchedObservations: ['invented'] }, '"invented" was not observed'],
])('an insight that cites %s is told', (_what, cites, reason) => {
  const { evidence } = scoreOf(one, found([insight([load], cites)]), names);
  expect(evidence.unsupported).toContainEqual(expect.stringContaining(reason));
});

test('the time counts to the last cause', () => {
  const arrived = [
    { insight: insight([load]), afterMs: 900 },
    { insight: insight([payments]), afterMs: 2_500 },
  ];
  expect(namedAfterMs(one, arrived, names)).toBe(2_500);
  expect(namedAfterMs(one, arrived.slice(0, 1), names)).toBeUndefined();
});
