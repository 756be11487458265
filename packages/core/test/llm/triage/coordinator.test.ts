import { expect, test } from 'vitest';
import type { ToolCall } from '../../../src/agent/transcript.ts';
import type { CoordinatorBriefing } from '../../../src/llm/briefing.ts';
import type { Notification } from '../../../src/operator/notification.ts';
import { type Answer, drive, functionAt, notificationOf, skillNamed } from './briefings.ts';

const slowPrice = functionAt('slowPrice', 'src/pricing.js', 42);
const blocked = notificationOf({ type: 'runtime.loop_blocked', severity: 'critical', subjects: [slowPrice] });
const churn = notificationOf({ type: 'gc.churn', subjects: [slowPrice] });
const note = notificationOf({ type: 'gc.note', severity: 'info' });

const operators = [
  { name: 'runtime', skill: skillNamed('runtime', { keywords: ['memory', 'latency'] }) },
  {
    name: 'gc',
    skill: skillNamed('gc', {
      keywords: ['memory', 'heap'],
      checks: [{ id: 'gc.churn', explains: ['runtime.cpu_hot'] }],
    }),
  },
];

type Entry = CoordinatorBriefing['notifications'][number];

interface World {
  readonly reason?: string;
  /** What each operator reports, one at each wait; it has finished at the wait after the last. */
  readonly reports?: Readonly<Record<string, readonly Notification[]>>;
  readonly given?: readonly Notification[];
  readonly refuse?: (call: ToolCall, nth: number) => boolean;
  readonly remainingMs?: number;
}

/** A coordinator's tools as the real ones behave, with operators that report by script. */
function worldOf({
  reason = 'memory alert',
  reports = {},
  given = [],
  refuse,
  remainingMs = 300_000,
}: World) {
  const state = {
    left: remainingMs,
    entries: given.map((one): Entry => ({ ...one, status: 'unread' })),
    insights: [] as CoordinatorBriefing['insights'][number][],
    running: new Map<string, Notification[]>(),
    finished: [] as string[],
    calls: new Map<string, number>(),
  };
  const setStatus = (ids: unknown, status: Entry['status']): void => {
    state.entries = state.entries.map((one) =>
      (ids as string[]).includes(one.id) ? { ...one, status } : one,
    );
  };
  const pass = (): void => {
    for (const [name, left] of state.running) {
      const next = left.shift();
      if (next !== undefined) state.entries.push({ ...next, status: 'unread' });
      else if (state.running.delete(name)) state.finished.push(name);
    }
  };
  const effects: Record<string, (args: ToolCall['arguments']) => void> = {
    invoke_operators: (args) => {
      for (const name of args.operators as string[]) state.running.set(name, [...(reports[name] ?? [])]);
    },
    wait: (args) => {
      state.left -= Math.min(Number(args.ms), 1_000);
      pass();
    },
    produce_insight: (args) => setStatus(args.notification_ids, 'resolved'),
    update_notification_statuses: (args) => setStatus(args.notification_ids, 'resolved'),
  };
  const answer = (call: ToolCall): Answer => {
    const nth = (state.calls.get(call.name) ?? 0) + 1;
    state.calls.set(call.name, nth);
    if (refuse?.(call, nth) || (call.name === 'done' && state.running.size > 0))
      return { content: { error: 'refused' }, isError: true };
    effects[call.name]?.(call.arguments);
    if (call.name === 'wait') return { content: { waited: Math.min(Number(call.arguments.ms), 1_000) } };
    return { content: { ok: true } };
  };
  const briefing = (): CoordinatorBriefing => ({
    role: 'coordinator',
    reason,
    operators,
    notifications: state.entries,
    insights: state.insights,
    running: [...state.running.keys()],
    finished: state.finished,
    remainingMs: state.left,
  });
  return { briefing, answer, state };
}

test('matching operators are invoked, awaited, and what they report becomes one grounded insight', async () => {
  const world = worldOf({ reports: { runtime: [blocked], gc: [note, churn] } });
  const run = await drive(world);
  expect(run.turns).toEqual([
    ['invoke_operators'],
    ['wait'],
    ['wait'],
    ['wait'],
    ['produce_insight', 'update_notification_statuses'],
    ['done'],
  ]);
  expect(run.argumentsOf('invoke_operators')).toEqual([
    { operators: ['runtime', 'gc'], context: 'memory alert' },
  ]);
  expect(run.argumentsOf('produce_insight')).toMatchObject([
    {
      notification_ids: [blocked.id, churn.id],
      correlation_type: 'symptomatic',
      hypothesis_grounded: true,
      confidence: 'high',
      matched_observations: [blocked.observation, churn.observation],
      subjects: [slowPrice],
    },
  ]);
  expect(run.argumentsOf('produce_insight')[0]?.root_cause_hypothesis).toContain(
    'slowPrice (src/pricing.js:42)',
  );
  expect(run.argumentsOf('update_notification_statuses')).toMatchObject([
    { notification_ids: [note.id], status: 'resolved' },
  ]);
  expect(world.state.entries.every(({ status }) => status === 'resolved')).toBe(true);
});

const vague = notificationOf({ type: 'runtime.cpu_hot' });
const named = notificationOf({ type: 'runtime.cpu_hot', subjects: [slowPrice] });

test.each([
  ['find nothing', [], true],
  ['find only something for information', [note], true],
  ['find a trouble without a culprit', [vague], true],
  ['name a culprit of what another may explain', [named], true],
  ['name a culprit of what nobody else explains', [blocked], false],
] as const)('when the operators of the reason %s, the others are asked too: %#', async (_, found, asked) => {
  const run = await drive(worldOf({ reason: 'latency', reports: { runtime: found, gc: [churn] } }));
  const expected = asked ? [['runtime'], ['gc']] : [['runtime']];
  expect(run.argumentsOf('invoke_operators').map((args) => args.operators)).toEqual(expected);
  expect(run.argumentsOf('produce_insight').length).toBeGreaterThan(0);
  expect(run.turns.findLastIndex((turn) => turn.includes('invoke_operators'))).toBeLessThan(
    run.turns.findIndex((turn) => turn.includes('produce_insight')),
  );
});

test.each([
  ['that has found nothing does not hold up the others for longer than 3 s', note, 3],
  ['that has found something is waited for first', blocked, 5],
] as const)('a slow operator %s', async (_, first, waits) => {
  const slow = [first, note, note, note];
  const run = await drive(worldOf({ reason: 'latency', reports: { runtime: slow, gc: [churn] } }));
  const asked = run.turns.findLastIndex((turn) => turn.includes('invoke_operators'));
  const before = run.turns.slice(0, asked === 0 ? run.turns.length : asked);
  expect(before.filter((turn) => turn.includes('wait'))).toHaveLength(waits);
});

test('an operator that never ends is waited for, without a deadline too', async () => {
  const never = Array.from({ length: 40 }, () => note);
  const world = worldOf({ reports: { runtime: never, gc: [] }, remainingMs: Number.POSITIVE_INFINITY });
  const calls: ToolCall[] = [];
  const answer = (call: ToolCall): Answer => {
    calls.push(call);
    return world.answer(call);
  };
  await expect(drive({ ...world, answer })).rejects.toThrow('did not finish');
  const waits = calls.filter(({ name }) => name === 'wait').map(({ arguments: args }) => args.ms);
  expect(new Set(waits)).toEqual(new Set([60_000]));
});

test('a healthy process ends without an insight', async () => {
  const run = await drive(worldOf({ reports: { gc: [note] } }));
  expect(run.argumentsOf('produce_insight')).toEqual([]);
  expect(run.turns.at(-1)).toEqual(['done']);
});

test('without a reason it only correlates what is given', async () => {
  const run = await drive(worldOf({ reason: '', given: [blocked] }));
  expect(run.turns).toEqual([['produce_insight'], ['done']]);
  expect((await drive(worldOf({ reason: '' }))).turns).toEqual([['done']]);
});

test('an insight that is refused is offered again without the claim of grounding, then left', async () => {
  const world = worldOf({
    reports: { runtime: [blocked], gc: [churn] },
    refuse: ({ name }) => name === 'produce_insight',
  });
  const run = await drive(world);
  const tried = run.argumentsOf('produce_insight');
  expect(tried.map((args) => [args.hypothesis_grounded, args.confidence])).toEqual([
    [true, 'high'],
    [false, 'medium'],
  ]);
  expect(run.turns.at(-1)).toEqual(['done']);
});

test('operators that cannot be invoked are tried twice, and that is said', async () => {
  const run = await drive(worldOf({ refuse: ({ name }) => name === 'invoke_operators' }));
  expect(run.turns).toEqual([['invoke_operators'], ['invoke_operators'], ['think', 'done']]);
});

test('a done that is refused does not start the round again', async () => {
  const refuse = (call: ToolCall, nth: number): boolean => call.name === 'done' && nth === 1;
  const run = await drive(worldOf({ reports: { runtime: [blocked] }, refuse }));
  expect(run.argumentsOf('invoke_operators')).toHaveLength(1);
  expect(run.argumentsOf('produce_insight')).toHaveLength(1);
  expect(run.turns.slice(-2)).toEqual([['done'], ['done']]);
});

test('when time runs out, what is there is correlated while operators still run', async () => {
  const never = Array.from({ length: 40 }, (_, index) =>
    notificationOf({ type: 'gc.note', severity: 'info', at: index }),
  );
  const world = worldOf({ reports: { runtime: [blocked], gc: never }, remainingMs: 8_000 });
  const outcome = await drive(world).catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(Error);
  const blockedEntry = world.state.entries.find(({ id }) => id === blocked.id);
  expect(blockedEntry?.status).toBe('resolved');
  expect([...world.state.running.keys()]).toEqual(['gc']);
});

test('a later round of the same transcript invokes again', async () => {
  const first = await drive(worldOf({ reports: { runtime: [blocked] } }));
  const second = await drive({ ...worldOf({ reports: { gc: [churn] } }), messages: first.messages });
  expect(second.turns[0]).toEqual(['invoke_operators']);
  expect(second.argumentsOf('produce_insight')).toHaveLength(1);
});
