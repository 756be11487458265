// What the tools of an operator answer, through a real run: the script's first turn takes a snapshot, the second one
// calls the tool, the third one ends.
import { describe, expect, test } from 'vitest';
import type { ToolResult } from '../../src/agent/transcript.ts';
import type { JsonObject } from '../../src/json.ts';
import type { OperatorRunResult } from '../../src/operator/spec.ts';
import type { Skill } from '../../src/skill.ts';
import { calls, idFrom, scripted } from './scripted.ts';
import { createWorld, memorySkill } from './world.ts';

interface Called {
  readonly results: readonly ToolResult[];
  readonly run: OperatorRunResult;
}

async function callTools(
  tools: (snapshotId: string) => readonly [string, JsonObject?][],
  skill: Skill = memorySkill,
): Promise<Called> {
  const model = scripted([
    calls(['take_snapshot']),
    (request) => calls(...tools(idFrom(request, 'take_snapshot'))),
    calls(['done']),
  ]);
  const run = await createWorld(model, [skill]).run();
  const last = model.requests[2]?.messages.at(-1);
  if (last?.role !== 'tool') return expect.fail('the tools were not answered');
  return { results: last.results, run };
}

const notice = (overrides: JsonObject): JsonObject => ({
  type: 'memory.high',
  severity: 'warning',
  context: 'Heap is at 90 MB.',
  observation: 'sessionCache holds 70 MB.',
  snapshot_ids: ['f'.repeat(16)],
  ...overrides,
});

describe('send_notification refuses', () => {
  test.each([
    ['no evidence', notice({ snapshot_ids: [] }), /at least one snapshot id/],
    ['evidence that does not exist', notice({}), /do not exist: f{16}\. Taken: [0-9a-f]{16}/],
    ['an unknown severity', notice({ severity: 'severe' }), /severity: /],
    ['an empty observation', notice({ observation: ' ' }), /observation: must not be empty/],
    [
      'a subject of an unknown kind',
      notice({ subjects: [{ kind: 'thing', name: 'x' }] }),
      /subjects\.0\.kind: /,
    ],
    [
      'a line that is no line',
      notice({ subjects: [{ kind: 'function', name: 'x', line: 0 }] }),
      /subjects\.0\.line: /,
    ],
    ['missing facts', { type: 'x', severity: 'info', snapshot_ids: [] }, /context: .*observation: /],
  ])('%s', async (_, args, reason) => {
    const { results, run } = await callTools(() => [['send_notification', args]]);
    expect(results).toMatchObject([{ isError: true, content: { error: expect.stringMatching(reason) } }]);
    expect(run).toMatchObject({ status: 'completed', notifications: [] });
  });
});

test('a notification carries its evidence, and its texts are redacted', async () => {
  const { results, run } = await callTools((id) => [
    [
      'send_notification',
      notice({ snapshot_ids: [id], context: 'Redis at redis://admin:hunter2@cache:6379 is slow.' }),
    ],
    ['get_notifications'],
  ]);
  expect(run.notifications).toMatchObject([
    { snapshots: [{ data: { usedMb: 90 } }], process: { pid: process.pid }, subjects: [] },
  ]);
  expect(JSON.stringify(run.notifications)).not.toContain('hunter2');
  expect(results[1]?.content).toMatchObject([{ snapshotIds: [run.snapshots[0]?.id], type: 'memory.high' }]);
});

describe('execute', () => {
  const callWith = async (code: string): Promise<ToolResult | undefined> =>
    (await callTools(() => [['execute', { code }]])).results[0];

  test('answers what the script returns', async () => {
    expect(await callWith('return (await memory_top())[0].mb * 2')).toMatchObject({
      content: 140,
      isError: false,
    });
  });

  test('has the callbacks that every skill has', async () => {
    const result = await callWith('return [await get_current_time(), (await get_node_info()).pid]');
    expect(result?.content).toMatchObject([{ unixMs: expect.any(Number) }, process.pid]);
  });

  test('adds what the script printed', async () => {
    expect((await callWith('console.log("so far"); return 1'))?.content).toMatchObject({
      value: 1,
      console: [expect.stringContaining('so far')],
    });
  });

  test.each([
    [
      'a throw',
      'const a = 1;\nthrow new Error("wrong");',
      { line: 2, failingCode: expect.stringContaining('wrong') },
    ],
    ['a syntax error', 'return )', { code: 'syntax_error' }],
    ['a failing callback', 'return memory_fail()', { error: expect.stringContaining('no such luck') }],
    ['an unknown callback', 'return await redis_keys()', { error: expect.stringContaining('redis_keys') }],
    ['an endless loop', 'for (;;);', { code: 'cpu_limit' }],
  ])('tells the model about %s', async (_, code, content) => {
    expect(await callWith(code)).toMatchObject({ isError: true, content });
  });
});

test.each([
  ['throws', () => Promise.reject(new Error('redis is down')), 'skill_snapshot_failed'],
  ['returns what is not JSON', () => ({ at: 1n }) as never, 'skill_result_not_json'],
])('a skill whose snapshot %s is told to the model, and the run goes on', async (_, snapshot, code) => {
  const model = scripted([calls(['take_snapshot']), calls(['done'])]);
  const run = await createWorld(model, [{ ...memorySkill, snapshot }]).run();
  expect(run).toMatchObject({ status: 'completed', snapshots: [] });
  expect(model.requests[1]?.messages.at(-1)).toMatchObject({
    results: [{ isError: true, content: { code } }],
  });
});

test('snapshots are answered newest first, by page, and by id', async () => {
  const { results, run } = await callTools((id) => [
    ['take_snapshot'],
    ['get_snapshots'],
    ['get_snapshots', { limit: 1, offset: 1 }],
    ['get_snapshot', { id }],
    ['get_snapshot', { id: 'none' }],
  ]);
  const [older, newer] = run.snapshots.map((snapshot) => snapshot.id);
  expect(results[1]?.content).toMatchObject([{ id: newer }, { id: older }]);
  expect(results[2]?.content).toMatchObject([{ id: older }]);
  expect(results[3]?.content).toMatchObject({ id: older, data: { usedMb: 90 } });
  expect(results[4]).toMatchObject({
    isError: true,
    content: { error: expect.stringContaining(`${older}, ${newer}`) },
  });
});

test('a snapshot too large for the model keeps its id', async () => {
  const snapshot = (): JsonObject => ({ names: Array.from({ length: 3_000 }, (_, n) => `collection-${n}`) });
  const { results } = await callTools((id) => [['get_snapshot', { id }]], { ...memorySkill, snapshot });
  expect(results[0]?.content).toMatchObject({
    id: expect.stringMatching(/^[0-9a-f]{16}$/),
    data: { truncated: true },
  });
});

test('set_state, think and wait answer what they did', async () => {
  const { results, run } = await callTools(() => [
    ['set_state', { state: 'critical', reason: 'full' }],
    ['set_state', { state: 'awful' }],
    ['think', { thought: 'hm' }],
    ['wait', { ms: 1 }],
    ['wait', { ms: -1 }],
  ]);
  expect(results.map((result) => result.isError)).toEqual([false, true, false, false, true]);
  expect(results[3]?.content).toEqual({ waited: 1 });
  expect(run.state).toBe('critical');
});
