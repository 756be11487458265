import { expect, test } from 'vitest';
import type { Cause } from '../../src/continuous/cause.ts';
import {
  begun,
  initialResident,
  inPhase,
  looked,
  notified,
  type ResidentRules,
  type ResidentState,
  rested,
  rounded,
} from '../../src/continuous/resident-state.ts';
import { memoryOf } from '../../src/continuous/restore.ts';
import { emptyMemory } from '../../src/operator/memory.ts';
import type { Notification } from '../../src/operator/notification.ts';
import { defaultOperatorLimits, type OperatorRunResult, type OperatorSpec } from '../../src/operator/spec.ts';

const ROUND = 30_000;
const rules: ResidentRules = { gate: 'anomaly', repeatAfterMs: 3_600_000, roundEveryMs: ROUND };
const slow: Cause = { id: 's.slow', kind: 'check', key: 's.slow', figures: {} };

const notification = (id: string, type = 's.slow', detectedAt = new Date(0).toISOString()): Notification => ({
  id,
  investigationId: 'inv',
  operator: 'op',
  type,
  severity: 'warning',
  context: 'c',
  observation: 'o',
  subjects: [{ kind: 'process', name: type }],
  snapshots: [],
  detectedAt,
  process: { hostname: 'here', pid: 7 },
});

const result = (overrides: Partial<OperatorRunResult> = {}): OperatorRunResult => ({
  investigationId: 'inv',
  operator: 'op',
  skill: 's',
  state: 'warning',
  status: 'completed',
  iterations: 1,
  durationMs: 1,
  notifications: [],
  snapshots: [],
  usage: { calls: 1, inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 },
  ...overrides,
});

const look = (state: ResidentState, causes: readonly Cause[], atMs: number, isRound = true) =>
  looked(state, { causes, atMs, isStall: false, roundData: isRound ? { atMs } : undefined }, rules);

interface RoundOptions {
  readonly found?: readonly Notification[];
  readonly with?: Partial<OperatorRunResult>;
  readonly confirmed?: readonly string[];
  readonly askedWaitMs?: number;
  readonly gate?: ResidentRules['gate'];
}

/** It is awake for a round and rests again. */
function round(state: ResidentState, nowMs: number, options: RoundOptions = {}) {
  const { found = [], confirmed = [], askedWaitMs, gate = 'anomaly' } = options;
  const after = found.reduce((now, one) => notified(now, one, nowMs), begun(state));
  const outcome = { result: result({ notifications: found, ...options.with }), confirmed };
  const asked = { ...outcome, ...(askedWaitMs !== undefined && { askedWaitMs }) };
  const { state: ended, over } = rounded(after, asked, { ...rules, gate, nowMs });
  return { state: rested(ended), over };
}

test('what a check found is over after two quiet rounds, and is news when it comes again', () => {
  const first = look(initialResident(), [slow], 0);
  expect(first).toMatchObject({ state: { phase: 'waking' }, wake: { why: 'check', detail: 's.slow' } });
  let { state } = round(first.state, 1, { found: [notification('n1')] });
  expect(look(state, [slow], ROUND).wake).toBeUndefined();
  state = look(state, [], ROUND).state;
  const again = look(state, [slow], 2 * ROUND);
  expect(again).toMatchObject({ over: [], wake: undefined });
  state = look(look(again.state, [], 3 * ROUND).state, [], 3 * ROUND + 1, false).state;
  const last = look(state, [], 4 * ROUND);
  expect(last.over).toMatchObject([{ id: 'n1' }]);
  expect(last.state.memory).toMatchObject({
    reported: [],
    resolved: [{ id: 'n1', lastedMs: 4 * ROUND - 1 }],
  });
  expect(look(last.state, [slow], 5 * ROUND).wake).toMatchObject({ why: 'check' });
});

test('it is judged over while it is awake as well, and nobody is woken twice', () => {
  const { state } = round(look(initialResident(), [slow], 0).state, 1, { found: [notification('n1')] });
  const awake = begun(inPhase(state, 'waking'));
  const quiet = look(look(awake, [], ROUND).state, [], 2 * ROUND);
  expect(quiet).toMatchObject({ over: [{ id: 'n1' }], state: { phase: 'awake' } });
  expect(look(quiet.state, [slow], 3 * ROUND).wake).toBeUndefined();
});

test('what the model alone saw is over when two healthy rounds do not see it again', () => {
  const healthy = { with: { state: 'healthy' as const }, gate: 'always' as const };
  const found = notification('n1', 'odd');
  let { state } = round(initialResident(), 0, { found: [found], gate: 'always' });
  state = round(state, 1, healthy).state;
  state = round(state, 2, { ...healthy, confirmed: ['n1'] }).state;
  state = round(state, 3, healthy).state;
  state = round(state, 4, { with: { status: 'failed', state: 'healthy' }, gate: 'always' }).state;
  expect(round(state, 5, healthy).over).toMatchObject([{ id: 'n1' }]);
  expect(round(round(state, 5, { gate: 'always' }).state, 6, healthy).over).toEqual([]);
});

test.each<[string, RoundOptions, number | undefined]>([
  ['as the model asked', { askedWaitMs: 90_000 }, 90_000],
  ['in a second at the earliest', { askedWaitMs: 5 }, 1_000],
  ['in an hour at the latest', { askedWaitMs: 9e9 }, 3_600_000],
  ['when something fires', {}, undefined],
  ['at the pace of the rounds', { gate: 'always' }, ROUND],
])('it looks again %s', (_, options, pauseMs) => {
  expect(round(look(initialResident(), [slow], 0).state, 10, options).state.lookAgainAtMs).toBe(
    pauseMs === undefined ? undefined : 10 + pauseMs,
  );
});

test('a round that failed is owed, even when nothing fires any more, with longer and longer pauses', () => {
  const failed = { with: { status: 'failed' as const } };
  let { state } = round(look(initialResident(), [slow], 0).state, 1, failed);
  expect(look(state, [slow], ROUND).wake).toBeUndefined();
  const owed = look(state, [], ROUND + 1);
  expect(owed.wake).toMatchObject({ why: 'time' });
  state = round(owed.state, ROUND + 2, failed).state;
  expect(state.lookAgainAtMs).toBe(ROUND + 2 + 2 * ROUND);
  state = round(look(state, [], 4 * ROUND).state, 4 * ROUND).state;
  expect(look(state, [], 9 * ROUND).wake).toBeUndefined();
});

test.each<[string, RoundOptions, ResidentRules['gate']]>([
  ['one in its turn', { gate: 'always' }, 'always'],
  ['one that is owed', { with: { status: 'failed' } }, 'checks'],
])('a wall clock that was set back by a day delays no round: %s', (_, options, gate) => {
  const day = 86_400_000;
  const { state } = round(look(initialResident(), [slow], day).state, day + 1, options);
  const at = (atMs: number) =>
    looked(state, { causes: [], atMs, isStall: false, roundData: {} }, { ...rules, gate });
  expect(at(day + 2).wake).toBeUndefined();
  expect(at(2).wake).toMatchObject({ why: 'time' });
});

test('the data of its own rounds makes the history, not that of looks out of turn', () => {
  const state = look(look(look(initialResident(), [], 0).state, [], 5, false).state, [], ROUND).state;
  expect(state.memory.history).toEqual([{ atMs: 0 }, { atMs: ROUND }]);
});

test('a recorder that came back knows what this process reported lately', () => {
  const at = (ms: number): string => new Date(ms).toISOString();
  const spec = {
    name: 'op',
    skill: { checks: [{ id: 's.slow', explains: [] }] },
    limits: defaultOperatorLimits,
  } as unknown as OperatorSpec;
  const notifications = [
    notification('new', 's.slow', at(5_000_000)),
    { ...notification('sibling', 's.full', at(5_000_000)), process: { hostname: 'here', pid: 8 } },
    { ...notification('other', 's.full', at(5_000_000)), operator: 'other' },
    notification('old', 's.full', at(0)),
  ];
  const process = { hostname: 'here', pid: 7 };
  const memory = memoryOf(spec, { notifications, process, nowMs: 5_000_001 });
  expect(memory.reported).toMatchObject([{ id: 'new', causes: ['s.slow'], reportedAtMs: 5_000_000 }]);
  expect(memoryOf(spec, { notifications: [], process, nowMs: 0 })).toEqual(emptyMemory);
});
