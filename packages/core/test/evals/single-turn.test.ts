// One turn in a conversation that is given: what the prompt must lead to next (docs/evals.md).
import { describe, expect } from 'vitest';
import type { ToolCall } from '../../src/agent/transcript.ts';
import type { JsonObject, JsonValue } from '../../src/json.ts';
import type { Notification } from '../../src/operator/notification.ts';
import { defineSkill, type Skill } from '../../src/skill.ts';
import type { Past } from './harmless.ts';
import { type Asked, coordinatorTurn, operatorTurn, pipelineRun, pipelineTurn } from './harness.ts';
import { isReal } from './model.ts';
import { cacheGrows, expectedDeploy, memoryByCache, memoryHigh, slowTrend } from './reports.ts';
import { scenario } from './scenario.ts';
import * as situations from './skills.ts';

const timeout = isReal ? 300_000 : 10_000;
const opening = '{"context":{"reason":"a routine look"},"timeLimitSeconds":60}';

/** What must be among the next calls, after harmless ones. */
interface Expected {
  /** One of these. */
  readonly tools: readonly string[];
  /** With at least these arguments. */
  readonly args?: JsonObject;
  /** And whose facts, taken together, match. */
  readonly facts?: RegExp;
  readonly never?: readonly string[];
}

const factsOf = ({ arguments: { context, observation } }: ToolCall): string => `${context}\n${observation}`;

const ANY = /^/;

const told = (calls: readonly ToolCall[]): string =>
  calls.map(({ name, arguments: args }) => `${name} ${JSON.stringify(args)}`).join(', ') || 'nothing';

function inWords({ tools, args = {}, facts = ANY }: Expected): string {
  const wanted = Object.entries(args).map(([name, value]) =>
    typeof value === 'object' ? `the right ${name}` : `${name} ${value}`,
  );
  const parts = [...wanted, ...(facts === ANY ? [] : [`facts like ${facts}`])];
  return tools.join(' or ') + (parts.length > 0 ? ` with ${parts.join(', ')}` : '');
}

async function expectNext(
  { tools, args = {}, facts = ANY, never = [] }: Expected,
  ask: (isNext: Asked['isNext']) => Promise<readonly ToolCall[]>,
): Promise<void> {
  const wanted = (call: ToolCall): boolean =>
    tools.includes(call.name) &&
    facts.test(factsOf(call)) &&
    expect.objectContaining(args).asymmetricMatch(call.arguments);
  const calls = await ask((made) => made.some(wanted));
  if (!calls.some(wanted))
    expect.fail(`called ${told(calls)} in place of ${inWords({ tools, args, facts })}`);
  for (const tool of never) expect(calls.map(({ name }) => name)).not.toContain(tool);
}

const firstSnapshot = '00000000000000e1';
const secondSnapshot = '00000000000000e2';
const took = (skill: Skill, data: JsonObject, id = firstSnapshot): Past => [
  'take_snapshot',
  {},
  { id, skill: skill.id, capturedAt: new Date().toISOString(), data },
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
const evidence = { snapshot_ids: expect.arrayContaining([firstSnapshot]) };
const text = expect.stringMatching(/\S/);

scenario.for<[string, Skill, readonly Past[], Expected]>([
  ['begins with a snapshot', vm, [], { tools: ['take_snapshot'] }],
  [
    'finds what is healthy so',
    vm,
    [healthy],
    { tools: ['set_state', 'wait', 'done'], never: ['send_notification'] },
  ],
  [
    'ends when the state is set',
    vm,
    [healthy, ['set_state', { state: 'healthy' }, { state: 'healthy' }]],
    { tools: ['done'], never: ['send_notification'] },
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
    [took(collections, { tablesPercent: 85 }), took(collections, { tablesPercent: 92.5 }, secondSnapshot)],
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
      args: { ...evidence, context: text, observation: text },
      facts: /85/,
    },
  ],
  [
    'reports 90 %, with a hypothesis or without',
    memory,
    [took(memory, { memoryUsedPercent: 90 })],
    { tools: ['send_notification'], args: evidence },
  ],
  [
    'does not hedge in its facts',
    memory,
    [took(memory, { memoryUsedPercent: 88 })],
    { tools: ['send_notification'], facts: /^(?!.*\b(likely|probably|might)\b).*$/is },
  ],
])('an operator %s', { timeout }, async ([, skill, past, expected], { model }) => {
  await expectNext(expected, (isNext) => operatorTurn({ model, opening, past, isNext }, skill));
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
/** Where there is something to conclude from, nobody else is there to be asked. */
const operatorsFor = (past: readonly Past[]): readonly Skill[] =>
  past.some(([name, , answer]) => name === 'get_notifications' && JSON.stringify(answer) !== '[]') &&
  !past.includes(asked)
    ? []
    : all;
const asked: Past = ['invoke_operators', { operators: ['vm'] }, { started: ['vm'] }];
const waited: Past = ['wait', { ms: 1_000 }, { waited: 1_000, news: 1, running: [] }];
const CONCLUDES = ['update_notification_statuses', 'produce_insight'];
const ids = (...notifications: readonly Notification[]): JsonObject => ({
  notification_ids: expect.arrayContaining(notifications.map(({ id }) => id)),
});

scenario.for<[string, string, readonly Past[], Expected]>([
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
    { tools: ['schedule'], args: { ms: expect.any(Number), reason: text } },
  ],
])('a coordinator %s', { timeout }, async ([, why, past, expected], { model }) => {
  await expectNext(expected, (isNext) =>
    coordinatorTurn({ model, opening: reason(why), past, isNext }, operatorsFor(past)),
  );
});

describe('the pipeline', { timeout }, () => {
  scenario.for<[string, string]>([
    ['What operating system is running?', 'system'],
    ['How much memory is used?', 'memory'],
  ])('asks for "%s" the operator that knows', async ([question, operator], { model }) => {
    const skills = [situations.runtimeInfo, situations.mustNotify, situations.logs];
    const args = { operators: expect.arrayContaining([operator]) };
    const irrelevant = { operators: expect.arrayContaining(['logger']) };
    await expectNext({ tools: ['invoke_operators'], args }, async (isNext) => {
      const calls = await pipelineTurn({ model, opening: reason(question), past: [], isNext }, skills);
      for (const call of calls) expect(call.arguments).not.toEqual(irrelevant);
      return calls;
    });
  });

  scenario('answers from the figures of the operators', async ({ model }) => {
    const question = 'What operating system is running?';
    const { answer, tools } = await pipelineRun(model, question, [situations.runtimeInfo]);
    expect(tools).toContain('invoke_operators');
    expect(answer).toContain('Linux');
  });
});
