// What a chaos model says when all is well: an operator looks, reports and is done; a coordinator invokes, waits,
// correlates and is done. Pure.
import type { CoordinatorBriefing, JsonObject, ModelRequest, ModelResponse, ToolCall } from '@nodelens/core';
import type { FindingKind } from './wire.ts';

export interface Acknowledged {
  readonly kind: FindingKind;
  readonly id: string;
}

/** The findings that the latest tool results say are kept. */
export function findingsIn({ messages }: ModelRequest): readonly Acknowledged[] {
  const last = messages.findLast(({ role }) => role === 'tool');
  if (last?.role !== 'tool') return [];
  return last.results.flatMap(({ name, content, isError }): Acknowledged[] => {
    if (isError || typeof content !== 'object' || content === null || Array.isArray(content)) return [];
    const { sent, id, insight_produced: insight } = content as JsonObject;
    if (name === 'send_notification' && sent === true && typeof id === 'string' && isKept(content))
      return [{ kind: 'notification', id }];
    if (name === 'produce_insight' && typeof insight === 'string' && isKept(content))
      return [{ kind: 'insight', id: insight }];
    return [];
  });
}

/** A finding that could not be stored is answered as such, and is not promised to anybody. */
const isKept = (content: object): boolean => (content as { stored?: unknown }).stored !== false;

/** @param lingerMs waited for before it is done. */
export function operatorTurn(request: ModelRequest, lingerMs = 0): ModelResponse {
  const turn = turnsOf(request);
  const snapshotId = latestSnapshot(request);
  if (turn === 0 || (snapshotId === undefined && turn < 3)) return call(['take_snapshot', {}]);
  if (turn === 2 && lingerMs > 0) return call(['wait', { ms: lingerMs }]);
  if (turn >= 2 || snapshotId === undefined) return call(['done', {}]);
  return call(['set_state', { state: 'observing' }], notify(snapshotId), notify(snapshotId));
}

/** Never the same twice, so that a continuous operator does not keep it to itself. */
const notify = (snapshotId: string): [string, JsonObject] => {
  const subject = `part-${Math.random().toString(36).slice(2)}`;
  return [
    'send_notification',
    {
      type: `chaos.${subject}`,
      severity: 'warning',
      context: 'A chaos run is going on.',
      observation: `The part ${subject} was seen.`,
      snapshot_ids: [snapshotId],
      subjects: [{ kind: 'resource', name: subject }],
    },
  ];
};

export function coordinatorTurn(
  request: ModelRequest,
  { operators, running, finished, notifications, insights }: CoordinatorBriefing,
): ModelResponse {
  if (turnsOf(request) === 0 && operators.length > 0)
    return call(['invoke_operators', { operators: operators.map(({ name }) => name) }]);
  if (running.length > 0 && finished.length < operators.length) return call(['wait', { ms: 1_000 }]);
  const [found] = notifications;
  if (found === undefined || insights.length > 0) return call(['done', {}]);
  return call([
    'produce_insight',
    {
      notification_ids: [found.id],
      correlation_type: 'temporal',
      summary: found.observation,
      matched_observations: [found.observation],
      hypothesis_grounded: false,
      confidence: 'low',
    },
  ]);
}

const turnsOf = ({ messages }: ModelRequest): number =>
  messages.filter(({ role }) => role === 'assistant').length;

function latestSnapshot({ messages }: ModelRequest): string | undefined {
  const results = messages.flatMap((message) => (message.role === 'tool' ? message.results : []));
  const taken = results.findLast(({ name, isError }) => name === 'take_snapshot' && !isError)?.content;
  return (taken as { id?: string } | undefined)?.id;
}

export function call(...calls: readonly (readonly [string, JsonObject])[]): ModelResponse {
  const toolCalls = calls.map(
    ([name, args], index): ToolCall => ({ id: `call-${index}`, name, arguments: args }),
  );
  return {
    text: '',
    toolCalls,
    stopReason: 'tool_use',
    usage: { inputTokens: 10, cachedInputTokens: 0, outputTokens: 5 },
  };
}
