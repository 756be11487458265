// A model that answers by script: live (records its calls, may compute answers) or as a reference that a thread
// loads itself (answers are data, nothing is recorded). Running past the script is an error, never an empty answer.
import {
  type ErrorCode,
  fail,
  type JsonObject,
  type JsonValue,
  type Model,
  type ModelRef,
  type ModelRequest,
  type ModelResponse,
  type TokenUsage,
} from '@nodelens/core';

export interface ScriptedCall {
  readonly name: string;
  /**
   * Default `{}`. Ids that only the run knows are written as words: `$snapshot` is the id of the latest snapshot,
   * `$notifications` the list of ids of the latest `get_notifications`.
   */
  readonly arguments?: JsonObject;
}

/** One answer as data. */
export interface ScriptedReply {
  readonly text?: string;
  readonly toolCalls?: readonly ScriptedCall[];
  readonly stopReason?: ModelResponse['stopReason'];
  readonly usage?: Partial<TokenUsage>;
  /** Fails with this code in place of an answer. */
  readonly error?: ErrorCode;
}

/** An answer, or a function of the request that makes one; what it throws is what the model throws. */
export type ScriptedAnswer =
  | ScriptedReply
  | ((request: ModelRequest) => ScriptedReply | Promise<ScriptedReply>);

export interface ScriptedModel extends Model {
  /** Requests so far, oldest first. */
  readonly requests: readonly ModelRequest[];
  /** Answers that are left. */
  readonly remaining: number;
}

/** A live model; with `model_failed` when it is asked more often than it has answers. */
export function scriptedModel(answers: readonly ScriptedAnswer[], name = 'scripted'): ScriptedModel {
  const requests: ModelRequest[] = [];
  return {
    name,
    requests,
    get remaining() {
      return Math.max(0, answers.length - requests.length);
    },
    async generate(request, { signal }) {
      signal.throwIfAborted();
      const turn = requests.push(request);
      const answer = answers[turn - 1];
      if (answer === undefined) throw exhausted(name, answers.length, request);
      const reply = typeof answer === 'function' ? await untilAborted(answer(request), signal) : answer;
      return respond(reply, { request, turn, name });
    },
  };
}

/** The same as a reference. Each thread that loads it starts at the first answer. */
export function scriptedModelRef(replies: readonly ScriptedReply[], name = 'scripted'): ModelRef {
  return {
    kind: 'model-ref',
    name,
    module: import.meta.url,
    exportName: 'createScriptedModel',
    options: { name, replies: replies as unknown as JsonValue },
  };
}

/** The factory behind {@link scriptedModelRef}. */
export function createScriptedModel(options: JsonObject): Model {
  const { name, replies } = options as unknown as { name: string; replies: readonly ScriptedReply[] };
  return scriptedModel(replies, name);
}

interface Asked {
  readonly request: ModelRequest;
  /** From 1; part of the calls' ids. */
  readonly turn: number;
  readonly name: string;
}

function respond(reply: ScriptedReply, { request, turn, name }: Asked): ModelResponse {
  if (reply.error !== undefined) throw fail(reply.error, { model: name, reason: 'the script says so.' });
  const toolCalls = (reply.toolCalls ?? []).map((call, index) => ({
    id: `call-${turn}-${index}`,
    name: call.name,
    arguments: filled(call.arguments ?? {}, request) as JsonObject,
  }));
  return {
    text: reply.text ?? '',
    toolCalls,
    stopReason: reply.stopReason ?? (toolCalls.length > 0 ? 'tool_use' : 'end'),
    usage: { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, ...reply.usage },
  };
}

/** Puts real ids in place of `$snapshot` and `$notifications`. */
function filled(value: JsonValue | undefined, request: ModelRequest): JsonValue {
  if (value === '$snapshot') return (latestResult(request, 'take_snapshot') as { id?: string })?.id ?? value;
  if (value === '$notifications') {
    const listed = latestResult(request, 'get_notifications') as readonly { id: string }[] | undefined;
    return listed?.map(({ id }) => id) ?? value;
  }
  if (Array.isArray(value)) return value.map((item: JsonValue) => filled(item, request));
  if (typeof value !== 'object' || value === null) return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, request)]));
}

function latestResult({ messages }: ModelRequest, tool: string): JsonValue | undefined {
  const results = messages.flatMap((message) => (message.role === 'tool' ? message.results : []));
  return results.findLast((result) => result.name === tool && !result.isError)?.content;
}

function exhausted(name: string, answers: number, { messages }: ModelRequest): Error {
  const last = JSON.stringify(messages.at(-1) ?? null).slice(0, 300);
  const reason = `the script has ${answers} answers and was asked once more. The last message was ${last}`;
  return fail('model_failed', { model: name, reason });
}

async function untilAborted<T>(answer: T | Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([answer, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
