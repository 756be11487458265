// One turn in a conversation that is given: what the prompt must lead to next (docs/evals.md).
import { describe, expect, test } from 'vitest';
import type { ToolCall } from '../../src/agent/transcript.ts';
import type { JsonObject, JsonValue } from '../../src/json.ts';
import type { Notification } from '../../src/operator/notification.ts';
import { defineSkill, type Skill } from '../../src/skill.ts';
import { coordinatorTurn, operatorTurn, type Past, pipelineRun, pipelineTurn } from './harness.ts';
import { evalModel, isReal } from './model.ts';
import { cacheGrows, expectedDeploy, memoryByCache, memoryHigh, slowTrend } from './reports.ts';
import * as situations from './skills.ts';

const timeout = isReal ? 120_000 : 10_000;
const opening = '{"context":{"reason":"a routine look"},"timeLimitSeconds":60}';
const SNAPSHOT = '00000000000000e1';

/** What must be among the next calls: one of these tools, with these arguments. */
interface Expected {
  readonly tools: readonly string[];
  readonly args?: JsonObject;
}

function expectNext(calls: readonly ToolCall[], { tools, args = {} }: Expected): void {
  const next = calls.find(({ name }) => tools.includes(name));
  expect(
    next,
    `called ${calls.map(({ name }) => name).join(', ')} in place of ${tools.join(' or ')}`,
  ).toBeDefined();
  expect(next?.arguments).toMatchObject(args);
}

const took = (skill: Skill, data: JsonObject): Past => [
  'take_snapshot',
  {},
  { id: SNAPSHOT, skill: skill.id, capturedAt: new Date().toISOString(), data },
];
const ruled = (id: string, rule: string): Skill =>
  defineSkill({ ...situations.mustNotify, id, systemPrompt: `You watch ${id}.\n\nWHAT MATTERS\n${rule}` });

const vm = situations.healthyVm;
const elevated = situations.elevatedVm;
const memory = situations.mustNotify;
const healthy = took(vm, { memoryUsedPercent: 45, handlesPercent: 10, runQueue: 0, cores: 8 });
const collections = ruled('tables', '- tablesPercent above 90: critical, report at once.');
const ACTS = ['execute', 'send_notification', 'think', 'set_state'];
const INVESTIGATES = ['execute', 'send_notification'];
const evidence = { snapshot_ids: [SNAPSHOT] };

test.each<[string, Skill, readonly Past[], Expected]>([
  ['begins with a snapshot', vm, [], { tools: ['take_snapshot'] }],
  ['sets a healthy state', vm, [healthy], { tools: ['set_state', 'wait', 'think'] }],
  [
    'ends when the state is set',
    vm,
    [healthy, ['set_state', { state: 'healthy' }, { state: 'healthy' }]],
    { tools: ['done'] },
  ],
  [
    'looks into 78.5 % where 70 is the limit',
    elevated,
    [took(elevated, { memoryUsedPercent: 78.5, handlesPercent: 10, runQueue: 0 })],
    { tools: INVESTIGATES },
  ],
  [
    'acts on what rose from 85 to 92.5 %',
    collections,
    [took(collections, { tablesPercent: 85 }), took(collections, { tablesPercent: 92.5 })],
    { tools: ACTS },
  ],
  [
    'acts on a run queue of 85 at 8 cores',
    elevated,
    [took(elevated, { memoryUsedPercent: 40, handlesPercent: 10, runQueue: 85, cores: 8 })],
    { tools: ACTS },
  ],
  [
    'reports 85 % where that must be reported, with both facts',
    memory,
    [took(memory, { memoryUsedPercent: 85 })],
    {
      tools: ['send_notification'],
      args: { ...evidence, context: expect.stringMatching(/\S/), observation: expect.stringContaining('85') },
    },
  ],
  [
    'reports 90 %, with a hypothesis or without',
    memory,
    [took(memory, { memoryUsedPercent: 90 })],
    { tools: ['send_notification'], args: evidence },
  ],
  [
    'does not hedge in the context',
    memory,
    [took(memory, { memoryUsedPercent: 88 })],
    {
      tools: ['send_notification'],
      args: { context: expect.not.stringMatching(/likely|probably|might/i) },
    },
  ],
])('an operator %s', { timeout }, async (_, skill, past, expected) => {
  expectNext(await operatorTurn({ model: await evalModel(), opening, past }, skill), expected);
});

const listed = (status: string, ...notifications: readonly Notification[]): Past => [
  'get_notifications',
  {},
  notifications.map(({ snapshots: _, process: __, investigationId: ___, ...facts }) => ({
    ...facts,
    status,
  })) as unknown as JsonValue,
];
const nothing = listed('unread');
const reason = (text: string): string => `Reason: ${text}\nTime limit: 60 s`;
const all = [vm, situations.logs, situations.idleDatabase];
const ended: Past = [
  'get_operator_statuses',
  {},
  { running: [], finished: [{ operator: 'vm', status: 'completed' }] },
];
const asked: Past = ['invoke_operators', { operators: ['vm'] }, { started: ['vm'] }];
const waited: Past = ['wait', { ms: 1_000 }, { waited: 1_000, news: 1, running: [] }];
const CONCLUDES = ['update_notification_statuses', 'produce_insight'];
const ids = (...notifications: readonly Notification[]): JsonObject => ({
  notification_ids: notifications.map(({ id }) => id),
});

test.each<[string, string, readonly Past[], Expected]>([
  ['begins with the notifications', 'a routine look', [], { tools: ['get_notifications'] }],
  [
    'takes up what is unread',
    'a routine look',
    [listed('unread', memoryHigh)],
    { tools: CONCLUDES, args: ids(memoryHigh) },
  ],
  [
    'dismisses what is expected',
    'a routine look',
    [listed('unread', expectedDeploy)],
    { tools: ['update_notification_statuses'], args: { ...ids(expectedDeploy), status: 'resolved' } },
  ],
  ['ends when nothing is left', 'a routine look', [nothing, asked, waited, nothing], { tools: ['done'] }],
  [
    'invokes the operator of the reason first',
    'check VM health',
    [nothing],
    { tools: ['invoke_operators'], args: { operators: expect.arrayContaining(['vm']) } },
  ],
  [
    'invokes the logger for logging issues',
    'logging issues',
    [nothing],
    { tools: ['invoke_operators'], args: { operators: expect.arrayContaining(['logger']) } },
  ],
  [
    'ends after a wait when all have ended and reported nothing',
    'check VM health',
    [nothing, asked, waited, ended],
    { tools: ['done', 'get_notifications'] },
  ],
  [
    'makes an insight of what it has acknowledged',
    'a routine look',
    [listed('acknowledged', memoryHigh)],
    { tools: ['produce_insight'], args: ids(memoryHigh) },
  ],
  [
    'does not ground the guess of one',
    'a routine look',
    [listed('acknowledged', memoryByCache)],
    { tools: ['produce_insight'], args: { hypothesis_grounded: false } },
  ],
  [
    'grounds what two found',
    'a routine look',
    [listed('acknowledged', memoryByCache, cacheGrows)],
    { tools: ['produce_insight'], args: { hypothesis_grounded: true } },
  ],
  [
    'schedules another look at a slow trend',
    'a routine look',
    [listed('unread', slowTrend), asked, waited],
    { tools: ['schedule'], args: { ms: expect.any(Number), reason: expect.stringMatching(/\S/) } },
  ],
])('a coordinator %s', { timeout }, async (_, why, past, expected) => {
  expectNext(await coordinatorTurn({ model: await evalModel(), opening: reason(why), past }, all), expected);
});

describe('the pipeline', { timeout }, () => {
  test.each([
    ['What operating system is running?', 'system'],
    ['How much memory is used?', 'memory'],
  ])('asks for "%s" the operator that knows', async (question, operator) => {
    const skills = [situations.runtimeInfo, situations.mustNotify, situations.logs];
    const model = await evalModel();
    const calls = await pipelineTurn({ model, opening: reason(question), past: [] }, skills);
    expectNext(calls, { tools: ['invoke_operators'], args: { operators: [operator] } });
  });

  test('answers from the figures of the operators', async () => {
    const skills = [situations.runtimeInfo];
    const { answer, tools } = await pipelineRun(
      await evalModel(),
      'What operating system is running?',
      skills,
    );
    expect(tools.filter((tool) => tool === 'invoke_operators')).toHaveLength(1);
    expect(answer).toContain('Linux');
  });
});
