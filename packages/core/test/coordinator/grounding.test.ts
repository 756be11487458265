import { describe, expect, test } from 'vitest';
import { type Claim, deriveSubjects, verifyClaim } from '../../src/coordinator/grounding.ts';
import type { Notification } from '../../src/operator/notification.ts';
import type { Subject } from '../../src/skill.ts';

const notice = (id: string, operator: string, facts: Partial<Notification>): Notification => ({
  id,
  investigationId: 'i',
  operator,
  type: `${operator}.x`,
  severity: 'warning',
  context: 'The service answers slowly.',
  observation: 'Nothing.',
  subjects: [],
  snapshots: [],
  detectedAt: '2026-01-01T00:00:00.000Z',
  process: { hostname: 'h', pid: 1 },
  ...facts,
});

const cache: Subject = { kind: 'collection', name: 'sessionCache', file: '/app/cart.js', line: 3 };
const memory = notice('m', 'memory', {
  observation: 'Heap grew by  12 MB in a minute.',
  hypothesis: 'sessionCache never evicts.',
  subjects: [cache],
});
const collections = notice('c', 'collections', {
  observation: 'sessionCache has 90,000 entries.',
  subjects: [{ kind: 'process', name: 'shop' }, cache],
});
const gc = notice('g', 'gc', { observation: 'Major collections take 300 ms.' });
const again = notice('a', 'memory-two', { observation: 'sessionCache is on the heap.' });
const all = [memory, collections, gc, again];

const skillOf = (operator: string): string => operator.replace('-two', '');
const verify = (claim: Partial<Claim>, notifications = all): ReturnType<typeof verifyClaim> =>
  verifyClaim(
    {
      notificationIds: ['m', 'c'],
      correlationType: 'causal',
      summary: 'The heap grows with sessionCache.',
      matchedObservations: [],
      hypothesisGrounded: false,
      confidence: 'medium',
      ...claim,
    },
    { notifications, skillOf },
  );

describe('a claim is refused', () => {
  test.each<[string, Partial<Claim>, RegExp]>([
    ['without notifications', { notificationIds: [] }, /at least one notification id\. Existing: m, c, g, a/],
    ['with an invented id', { notificationIds: ['m', 'zz'] }, /do not exist: zz/],
    ['with an invented quote', { matchedObservations: ['It leaks.'] }, /verbatim.*"It leaks\."/],
    [
      'with a quote of a notification that is not referenced',
      { matchedObservations: [gc.observation] },
      /verbatim/,
    ],
    ['with an empty quote', { matchedObservations: [' '] }, /verbatim/],
    ['about an invented subject', { subjects: [{ kind: 'function', name: 'render' }] }, /none of .*: render/],
    ['as grounded without a hypothesis', { hypothesisGrounded: true }, /needs root_cause_hypothesis/],
  ])('%s', (_, claim, reason) => {
    expect(verify(claim)).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  });
});

describe('a hypothesis is grounded', () => {
  test.each<[string, string, readonly Notification[], boolean]>([
    [
      'by two operators that name the same subject',
      'sessionCache never evicts.',
      [memory, collections],
      true,
    ],
    [
      'by what another operator observed',
      'sessionCache fills the heap.',
      [memory, { ...collections, subjects: [] }],
      true,
    ],
    [
      'by telling words that two operators share',
      'Major collections take long as the heap grew by a minute.',
      [memory, gc],
      true,
    ],
    ['not by one operator alone', 'sessionCache never evicts.', [memory], false],
    ['not by two operators of one skill', 'sessionCache never evicts.', [memory, again], false],
    ['not by an operator that speaks of something else', 'sessionCache never evicts.', [memory, gc], false],
  ])('%s', (_, rootCauseHypothesis, notifications, isGrounded) => {
    const claim = { hypothesisGrounded: true, rootCauseHypothesis, notificationIds: ['m'] };
    expect(verify(claim, [...notifications]).ok).toBe(isGrounded);
  });

  test('and the refusal names who supports it', () => {
    const claim = { hypothesisGrounded: true, rootCauseHypothesis: 'sessionCache never evicts.' };
    expect(verify(claim, [memory, { ...gc, id: 'c' }])).toMatchObject({
      ok: false,
      reason: expect.stringContaining('operators that support it: memory)'),
    });
  });
});

test('a quote stands for the whole observation, and white space does not count', () => {
  expect(verify({ matchedObservations: ['grew by 12 MB', 'Heap grew by 12 MB in a minute.'] })).toMatchObject(
    {
      ok: true,
      claim: { matchedObservations: [memory.observation] },
    },
  );
});

test('a claimed subject gets its place from the notification', () => {
  const subjects: Subject[] = [{ kind: 'collection', name: 'sessionCache' }];
  expect(verify({ subjects })).toMatchObject({ ok: true, claim: { subjects: [cache] } });
});

test('left out, subjects are those of the notifications, each once, code with a place first', () => {
  expect(verify({ notificationIds: ['c', 'm', 'm'] })).toMatchObject({
    claim: { notificationIds: ['c', 'm'], subjects: [cache, { kind: 'process', name: 'shop' }] },
  });
  const bare: Subject = { kind: 'function', name: 'f' };
  expect(deriveSubjects([notice('x', 'x', { subjects: [bare, cache] })])).toEqual([cache, bare]);
});
