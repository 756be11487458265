// A model or a skill that answers, but not as it should.
import type { JsonObject, ModelResponse } from '@nodelens/core';
import { call } from './chaos-turns.ts';
import type { SoftFault } from './faults.ts';

const LATE_MS = 4_000;
const FLOOD_CALLS = 300;
const HUGE_CHARACTERS = 2_000_000;

export interface Misbehaviour {
  readonly fault: SoftFault;
  /** Which of its kinds, from the schedule: the same seed says the same nonsense. */
  readonly variant: number;
}

/** @param answer what a good model would say now. */
export async function misbehave(
  { fault, variant }: Misbehaviour,
  answer: ModelResponse,
): Promise<ModelResponse> {
  switch (fault) {
    case 'hang':
      return never();
    case 'late':
      return later(answer);
    case 'failure':
      throw oneOf(failures, variant)();
    case 'garbage':
      return oneOf(noAnswers, variant)() as ModelResponse;
    case 'flood':
      return call(
        ...Array.from({ length: FLOOD_CALLS }, (): [string, JsonObject] => ['think', { thought: 'again' }]),
        ...answer.toolCalls.map(({ name, arguments: args }): [string, JsonObject] => [name, args]),
      );
    default:
      return fault satisfies never;
  }
}

/** The same of a snapshot. */
export async function misbehavingSnapshot(
  { fault, variant }: Misbehaviour,
  data: JsonObject,
): Promise<JsonObject> {
  switch (fault) {
    case 'hang':
      return never();
    case 'late':
      return later(data);
    case 'failure':
      throw oneOf(failures, variant)();
    case 'garbage':
      return oneOf(noSnapshots, variant)() as JsonObject;
    case 'flood':
      return { ...data, rows: 'x'.repeat(HUGE_CHARACTERS) };
    default:
      return fault satisfies never;
  }
}

const oneOf = <T>(items: readonly T[], variant: number): T => items[variant % items.length] as T;

const never = <T>(): Promise<T> => new Promise(() => undefined);

const later = <T>(value: T): Promise<T> =>
  new Promise((resolve) => {
    setTimeout(resolve, LATE_MS, value).unref();
  });

const failures: readonly (() => unknown)[] = [
  () => new Error('chaos: the model is down'),
  () => 'a text',
  () => undefined,
  () => Object.create(null),
  () => ({
    get message(): string {
      throw new Error('chaos: an error that throws when it is read');
    },
  }),
  () => Object.assign(new Error('chaos: overloaded'), { status: 529, code: 'model_overloaded' }),
];

const usage = { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1 };
const cycle: Record<string, unknown> = {};
cycle.self = cycle;

const noAnswers: readonly (() => unknown)[] = [
  () => null,
  () => undefined,
  () => 'done',
  () => ({}),
  () => ({ text: 5, toolCalls: 'take_snapshot', stopReason: 'end', usage }),
  () => ({ text: '', toolCalls: [null, {}, 7], stopReason: 'tool_use', usage }),
  () => ({ text: '', toolCalls: [{ id: 1, name: {}, arguments: 'x' }], stopReason: 'tool_use', usage }),
  () => ({
    text: '',
    toolCalls: [{ id: 'a', name: 'think', arguments: cycle }],
    stopReason: 'tool_use',
    usage,
  }),
  () => ({
    text: '',
    toolCalls: [{ id: 'a', name: 'think', arguments: { thought: () => 1, size: 10n } }],
    stopReason: 'tool_use',
    usage,
  }),
  () => ({ ...call(['no_such_tool', {}]), usage: undefined }),
  () => ({ ...call(['think', { thought: 'x'.repeat(HUGE_CHARACTERS) }]) }),
];

const noSnapshots: readonly (() => unknown)[] = [
  () => null,
  () => undefined,
  () => 'fine',
  () => [],
  () => cycle,
  () => ({ run: () => 1, size: 10n }),
];
