// The manners of language models over another mind: they talk in place of a call, think before it, guess beside it, call
// all at once what they foresee, call more than they must, and say things in their own words and order.
import type { Message, ToolCall } from '../../../src/agent/transcript.ts';
import type { JsonObject, JsonValue } from '../../../src/json.ts';
import type { ModelRequest } from '../../../src/llm/model.ts';
import { harmlessAnswer } from '../harmless.ts';
import type { Mind, Said } from './mind.ts';

const CHAT = 'Let me see. It might be a leak, probably in a cache, but perhaps it is nothing.';
const MAX_FORESEEN = 6;

export const chatty =
  (mind: Mind): Mind =>
  async (request) => {
    if (request.tools.length === 0)
      return { text: `**Verdict: ${(await mind(request)).text}**`, toolCalls: [] };
    const thought: ToolCall = { id: 'chatty-thought', name: 'think', arguments: { thought: CHAT } };
    if (offers(request, 'think') && !hasThought(request))
      return { text: CHAT, toolCalls: isNudged(request) ? [thought] : [] };
    const { text, toolCalls } = await foreseen(mind, request);
    return { text: `${CHAT}\n${text}`, toolCalls: toolCalls.flatMap((call) => reworded(call, request)) };
  };

const offers = ({ tools }: ModelRequest, tool: string): boolean => tools.some(({ name }) => name === tool);

const hasThought = ({ messages }: ModelRequest): boolean =>
  messages.some(
    (message) => message.role === 'assistant' && message.toolCalls.some(({ name }) => name === 'think'),
  );

const isNudged = ({ messages }: ModelRequest): boolean =>
  messages.some((message) => message.role === 'user' && message.text.includes('You called no tool'));

/** Calls whose answers are known are not waited for. */
async function foreseen(mind: Mind, request: ModelRequest): Promise<Said> {
  const calls: ToolCall[] = [];
  const messages = [...request.messages];
  for (let turn = 1; ; turn += 1) {
    const said = await mind({ ...request, messages });
    calls.push(...said.toolCalls.map((call) => ({ ...call, id: `${call.id}-${turn}` })));
    const guessed = said.toolCalls.map((call) => ({ call, content: guess(call) }));
    if (turn === MAX_FORESEEN || guessed.some(({ content }) => content === undefined))
      return { text: said.text, toolCalls: calls };
    messages.push({ role: 'assistant', ...said }, resultsOf(guessed));
  }
}

function guess({ name, arguments: args }: ToolCall): JsonValue | undefined {
  if (name === 'send_notification') return { sent: true, id: '00000000000000c1' };
  if (name === 'produce_insight') return { insight_produced: '00000000000000c2' };
  return harmlessAnswer(name, args, []);
}

const resultsOf = (
  guessed: readonly { readonly call: ToolCall; readonly content: JsonValue | undefined }[],
): Message => ({
  role: 'tool',
  results: guessed.map(({ call: { id, name }, content = null }) => ({
    callId: id,
    name,
    content,
    isError: false,
  })),
});

function reworded(call: ToolCall, request: ModelRequest): readonly ToolCall[] {
  const { id, name, arguments: args } = call;
  const also = (tool: string): readonly ToolCall[] =>
    offers(request, tool) ? [{ id: `${id}-too`, name: tool, arguments: {} }] : [];
  switch (name) {
    case 'execute':
      return [...also('get_snapshots'), call];
    case 'get_notifications':
      return [call, ...also('get_operator_statuses')];
    case 'send_notification':
      return [{ ...call, arguments: { ...args, ...ownFacts(args) } }];
    case 'produce_insight':
      return [{ ...call, arguments: { ...args, ...ownInsight(args) } }];
    default:
      return [call];
  }
}

/** The figures stand in the context. */
const ownFacts = ({ observation, context }: JsonObject): JsonObject => ({
  type: 'limit-reached',
  context: `${context} Measured: ${observation}`,
  observation: 'A limit is exceeded.',
});

const ownInsight = (args: JsonObject): JsonObject => ({
  notification_ids: reversed(args.notification_ids),
  matched_observations: reversed(args.matched_observations),
  summary: 'The limits of the process are exceeded.',
  confidence: 'low',
});

const reversed = (list: JsonValue | undefined): JsonValue => (Array.isArray(list) ? list.toReversed() : []);
