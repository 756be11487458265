// Scripts that coordinator and operators of a test follow.
import type { ScriptedAnswer, ScriptedReply } from '@nodelens/testing';
import type { JsonObject } from '../../src/json.ts';
import type { ModelRequest } from '../../src/llm/model.ts';
import { type Answer, calls, contentOf, idFrom, type Scripted, scripted } from '../operator/scripted.ts';

/** An operator: a snapshot, a notification, done. */
export const reporting = (observation: string, overrides: JsonObject = {}): Answer[] => [
  calls(['take_snapshot']),
  (request) =>
    calls(['send_notification', notice(idFrom(request, 'take_snapshot'), { observation, ...overrides })]),
  calls(['done']),
];

export const notice = (snapshotId: string, overrides: JsonObject = {}): JsonObject => ({
  type: 'runtime.event_loop_blocked',
  severity: 'critical',
  context: 'The event loop stands still.',
  observation: 'blocked',
  hypothesis: 'parseCatalogue blocks it.',
  snapshot_ids: [snapshotId],
  subjects: [{ kind: 'function', name: 'parseCatalogue', file: '/app/catalogue.js', line: 12 }],
  ...overrides,
});

interface Listed {
  readonly id: string;
  readonly observation: string;
  readonly status: string;
}

export const listed = (request: ModelRequest): readonly Listed[] =>
  (contentOf(request, 'get_notifications') ?? []) as readonly Listed[];

/** An insight from the notifications that were listed last. */
export const insight = (request: ModelRequest, overrides: JsonObject = {}): [string, JsonObject] => [
  'produce_insight',
  {
    notification_ids: listed(request).map((notification) => notification.id),
    correlation_type: 'symptomatic',
    summary: 'parseCatalogue stands on the stack.',
    matched_observations: listed(request).map((notification) => notification.observation),
    hypothesis_grounded: false,
    confidence: 'medium',
    ...overrides,
  },
];

export const invoke = (...operators: string[]): [string, JsonObject] => ['invoke_operators', { operators }];

const MAX_TURNS = 100;

/** Follows `first`, then waits until that many operators have ended, then follows `then`. */
export function leader(first: readonly Answer[], operators: number, then: readonly Answer[]): Scripted {
  const before = [...first];
  const after = [...then];
  const reply = (request: ModelRequest): ScriptedAnswer => {
    const isWaiting = before.length === 0 && ended(request) < operators;
    const answer = isWaiting ? calls(['wait', { ms: 60_000 }]) : (before.shift() ?? after.shift());
    if (answer === undefined) throw new Error('the script is exhausted');
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const turn = (request: ModelRequest): ScriptedReply | Promise<ScriptedReply> => {
    const answer = reply(request);
    return typeof answer === 'function' ? answer(request) : answer;
  };
  return scripted(Array.from({ length: MAX_TURNS }, () => turn));
}

/** How many operators the model was told to have ended. */
const ended = ({ messages }: ModelRequest): number =>
  messages
    .flatMap((message) => (message.role === 'user' ? message.text.split('\n') : []))
    .filter((line) => /^Operator .* (has completed|did NOT complete)/.test(line)).length;
