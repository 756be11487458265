// A model that knows what it will do next does it in the same turn, as its prompt says that it may: each turn reads the
// whole conversation again. What it expects is that its calls are accepted; where one is not, the run goes on.
import type { Message, ModelResponse, ToolCall } from '@nodelens/core';
import type { Conversation } from '../../mock-provider/messages-wire.ts';

/** Their answers tell nothing that the next decision needs. */
const FORESEEABLE: ReadonlySet<string> = new Set([
  'send_notification',
  'produce_insight',
  'update_notification_statuses',
  'set_state',
  'think',
]);
/** More than a run has left to do after its last look. */
const MAX_TURNS = 5;

export async function withForesight(
  conversation: Conversation,
  decide: (conversation: Conversation) => Promise<ModelResponse>,
): Promise<ModelResponse> {
  const first = await decide(conversation);
  const toolCalls = [...first.toolCalls];
  let assumed = conversation;
  let latest = first.toolCalls;
  for (let turn = 0; turn < MAX_TURNS && latest.every(isForeseeable); turn += 1) {
    assumed = { ...assumed, messages: [...assumed.messages, ...accepted(latest, turn)] };
    latest = (await decide(assumed)).toolCalls;
    if (!latest.every((call) => isForeseeable(call) || call.name === 'done')) break;
    toolCalls.push(...latest);
  }
  return { ...first, toolCalls };
}

const isForeseeable = ({ name }: ToolCall): boolean => FORESEEABLE.has(name);

/** As if the calls had been made and accepted. */
function accepted(calls: readonly ToolCall[], turn: number): readonly Message[] {
  const toolCalls = calls.map((call, index) => ({ ...call, id: `foreseen-${turn}-${index}` }));
  const results = toolCalls.map(({ id, name }) => ({ callId: id, name, content: null, isError: false }));
  return [
    { role: 'assistant', text: '', toolCalls },
    { role: 'tool', results },
  ];
}
