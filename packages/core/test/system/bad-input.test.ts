// Everything that a user can get wrong is answered by a NodelensError that says what to do.
import { expect, test } from 'vitest';
import { isError } from '../../src/errors.ts';
import { triage } from '../../src/llm/references.ts';
import { defineSkill, type Skill } from '../../src/skill.ts';
import type { NodelensOptions } from '../../src/system/options.ts';
import { Nodelens } from '../../src/system.ts';
import { pulse, startLens } from './kit.ts';

const skill = (overrides: Partial<Skill> = {}): Skill => ({
  id: 'mine',
  title: 'Mine',
  description: 'My own skill',
  systemPrompt: 'You watch it.',
  snapshot: () => ({ ok: true }),
  callbacks: {},
  ...overrides,
});

const codeOf = async (action: () => unknown): Promise<unknown> => {
  try {
    await action();
    return 'no error';
  } catch (error) {
    return isError(error) ? error.code : error;
  }
};

const loose = (options: unknown): NodelensOptions => options as NodelensOptions;

test.for<[string, unknown, string]>([
  ['an unknown option', { modle: triage() }, 'option_invalid'],
  ['a mode that does not exist', { operators: [{ skill: pulse(), mode: 'always' }] }, 'option_invalid'],
  ['an operator without a skill', { operators: [{}] }, 'option_invalid'],
  ['a limit below its range', { limits: { maxIterations: 0 } }, 'option_invalid'],
  ['a model that is none', { model: { name: 'x' } }, 'option_invalid'],
  [
    'two operators of one name',
    { operators: [{ skill: pulse() }, { skill: pulse() }] },
    'operator_duplicate',
  ],
  [
    'two skills of one id',
    { operators: [{ skill: skill() }, { name: 'other', skill: skill() }] },
    'skill_duplicate',
  ],
  ['a skill with a bad id', { operators: [{ skill: skill({ id: 'Not Good' }) }] }, 'skill_invalid'],
  [
    'a callback that hides a base one',
    {
      operators: [{ skill: skill({ callbacks: { get_node_info: { description: 'mine', run: () => 1 } } }) }],
    },
    'skill_invalid',
  ],
  [
    'a skill module that does not exist',
    { operators: [{ skill: { ...pulse(), module: 'file:///nowhere.ts' } }] },
    'skill_invalid',
  ],
  [
    'a schedule whose times cannot be read',
    { schedules: [{ name: 'x', cron: '61 * * * *', run: { reason: 'look' } }] },
    'schedule_invalid',
  ],
])('%s is refused at the start', async ([, options, code]) => {
  expect(await codeOf(() => Nodelens.start({ control: false, ...loose(options) }))).toBe(code);
  expect(Nodelens.current).toBeUndefined();
});

test('a second start in one process is refused, the first goes on', async () => {
  const lens = await startLens({ operators: [{ skill: pulse() }] });
  expect(await codeOf(() => Nodelens.start())).toBe('lens_already_started');
  expect(Nodelens.current).toBe(lens);
});

test('nobody can listen to an event that there is not, or with what cannot be called', async () => {
  const lens = await startLens({ operators: [{ skill: pulse() }] });
  const ignore = (): void => undefined;
  expect(await codeOf(() => lens.on('insight' as never, ignore))).toBe('option_invalid');
  expect(await codeOf(() => lens.on('toString' as never, ignore))).toBe('option_invalid');
  expect(await codeOf(() => lens.on('*', undefined as never))).toBe('option_invalid');
});

test('runs reject unknown names, unknown options and a missing reason', async () => {
  const lens = await startLens({ operators: [{ skill: pulse() }] });
  const cases: readonly [() => unknown, string][] = [
    [() => lens.operator.run('puls', { reason: 'x' }), 'operator_unknown'],
    [() => lens.operator.run('pulse', {} as never), 'option_invalid'],
    [() => lens.operator.run('pulse', { reason: 'x', big: 1n } as never), 'option_invalid'],
    [() => lens.operator.run('pulse', { reason: 'x' }, { timeoutMs: -1 }), 'option_invalid'],
    [() => lens.coordinator.run({ reason: 'x' }, { skils: ['pulse'] } as never), 'option_invalid'],
    [() => lens.coordinator.run({ reason: 'x' }, { skills: ['nope'] }), 'operator_unknown'],
  ];
  for (const [action, code] of cases) expect(await codeOf(action)).toBe(code);
});

test.for<[string, Skill['snapshot'], string]>([
  [
    'throws',
    () => {
      throw new Error('no connection');
    },
    'skill_snapshot_failed',
  ],
  [
    'returns a cycle',
    () => {
      const a: Record<string, unknown> = {};
      a.self = a;
      return a as never;
    },
    'skill_result_not_json',
  ],
  ['returns a BigInt', () => ({ size: 1n }) as never, 'skill_result_not_json'],
])('a snapshot that %s reaches the model as an error, and the run goes on', async ([, snapshot, code]) => {
  const contents: string[] = [];
  const model = {
    name: 'live',
    generate: async ({ messages }: { messages: readonly unknown[] }) => {
      contents.push(JSON.stringify(messages));
      const name = messages.length < 3 ? 'take_snapshot' : 'done';
      return {
        text: '',
        toolCalls: [{ id: `c${messages.length}`, name, arguments: {} }],
        stopReason: 'tool_use' as const,
        usage: { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 },
      };
    },
  };
  const lens = await startLens({ model, operators: [{ skill: defineSkill(skill({ snapshot })) }] });
  const run = await lens.operator.run('mine', { reason: 'look' }, { timeoutMs: 30_000 });
  expect(run.status).toBe('completed');
  expect(contents.at(-1)).toContain(code);
});

test('after stop, runs are refused', async () => {
  const lens = await startLens({ operators: [{ skill: pulse() }] });
  await lens.stop();
  expect(await codeOf(() => lens.operator.run('pulse', { reason: 'x' }))).toBe('lens_stopped');
  expect(await codeOf(() => lens.coordinator.run({ reason: 'x' }))).toBe('lens_stopped');
});
