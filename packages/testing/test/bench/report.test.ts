import { expect, test } from 'vitest';
import type { Case } from '../../src/bench/case.ts';
import { markdownOf, reportOf } from '../../src/bench/report.ts';
import type { CaseRun } from '../../src/bench/run-case.ts';

const caseOf = (id: string, more: Partial<Case> = {}): Case =>
  ({ id, title: `Title of ${id}`, domain: 'memory', tier: 'easy', written: 'before', ...more }) as Case;

const runOf = (id: string, more: Partial<CaseRun> & { readonly isSolved?: boolean } = {}): CaseRun => {
  const { isSolved = true, ...rest } = more;
  return {
    case: id,
    variant: 'incident',
    seed: 1,
    status: 'completed',
    score: {
      isSolved,
      score: isSolved ? 1 : 0,
      missing: isSolved ? [] : ['function work (main.mjs)'],
      wrong: [],
      evidence: { claims: 1, unsupported: [] },
    },
    investigatedMs: 3_000,
    alarms: [],
    insights: [],
    notifications: [],
    observedMs: 36_000,
    output: '',
    ...rest,
  };
};

const report = (runs: readonly CaseRun[], cases: readonly Case[]) =>
  reportOf({ runs, skipped: [], durationMs: 60_000 }, cases, { model: 'triage', skills: 'all' });

test('tiers are counted by runs, cases by all of their runs', () => {
  const runs = [runOf('a'), runOf('a', { isSolved: false }), runOf('b', { namedAfterMs: 2_000 })];
  const { figures } = report(runs, [caseOf('a'), caseOf('b', { tier: 'hard' })]);
  expect(figures.tiers.easy).toEqual({ cases: 1, runs: 2, solved: 1, score: 0.5, alwaysSolved: 0 });
  expect(figures.tiers.hard).toMatchObject({ runs: 1, alwaysSolved: 1 });
  expect(figures.medianNamedMs).toBe(2_000);
});

test('alarms of healthy twins count by the hour in which they were watched', () => {
  const healthy = { variant: 'healthy' as const };
  const { figures, cases } = report(
    [runOf('a', healthy), runOf('a', { ...healthy, alarms: ['x: seen', 'insight: seen'] })],
    [caseOf('a')],
  );
  expect(figures.healthy).toEqual({ twins: 1, runs: 2, runsWithAlarms: 1, alarms: 2, alarmsPerHour: 100 });
  expect(cases[0]).toMatchObject({ runs: 0, twinRuns: 2, twinAlarms: ['x: seen', 'insight: seen'] });
});

test('blocked cases are counted by whether they were named in time', () => {
  const runs = [runOf('a', { namedWhileBlocked: true }), runOf('a', { namedWhileBlocked: false })];
  expect(report(runs, [caseOf('a')]).figures.blocked).toEqual({ runs: 2, namedWhileBlocked: 1 });
});

test('first contact is of the cases that were written after', () => {
  const firstContact = { at: '', isSolved: false, score: 0, missing: [], wrong: [] };
  const cases = [caseOf('a', { written: 'after', firstContact }), caseOf('b', { firstContact })];
  expect(report([runOf('a'), runOf('b')], cases).figures.firstContact).toEqual({
    cases: 1,
    solved: 0,
    score: 0,
  });
});

test('the page has a row for each case, and says what was missing', () => {
  const page = markdownOf(report([runOf('a', { isSolved: false })], [caseOf('a', { title: 'A | B' })]));
  expect(page).toContain('| a: A \\| B | memory | easy | before | 0/1 | 0.00 |');
  expect(page).toContain('missing: function work (main.mjs)');
  const lines = page.split('\n');
  const header = lines.findIndex((line) => line.startsWith('| case |'));
  expect(lines[header + 1]?.split('|').length).toBe(lines[header]?.split('|').length);
});

test('a run that failed by itself is told apart from one that was not solved', () => {
  const page = markdownOf(report([runOf('a', { status: 'failed', error: 'no port' })], [caseOf('a')]));
  expect(page).toContain('Runs that failed by themselves: 1');
  expect(page).toContain('no port');
});
