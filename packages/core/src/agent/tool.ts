// A tool of the agent loop: name, description, valibot parameters and what it does. Whatever a call does wrong
// (unknown name, malformed arguments, a throw) becomes an error result that the model can act on.
import { toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { isError, reasonOf } from '../errors.ts';
import { asJson, type JsonObject, type JsonValue } from '../json.ts';
import type { ToolSpec } from '../llm/model.ts';
import { malformedInputOf } from '../llm/tool-arguments.ts';
import { redact } from '../redact.ts';
import { untilAborted } from './abort.ts';
import { capped } from './cap.ts';
import type { ToolCall, ToolResult } from './transcript.ts';

export interface ToolContext {
  /** Aborted when the run ends early; a tool that waits must end on it. */
  readonly signal: AbortSignal;
}

/** What a tool tells the model. A refusal is an expected outcome (an unknown id), not a failure of the tool. */
export type ToolAnswer =
  | {
      readonly ok: true;
      readonly value: JsonValue;
      /** Most that the model sees of it, in characters of JSON text. Default: RESULT_CHARS. */
      readonly maxChars?: number;
    }
  | { readonly ok: false; readonly error: JsonObject };

export interface ToolDefinition<E extends v.ObjectEntries> {
  /** snake_case; the model sees it. */
  readonly name: string;
  readonly description: string;
  /** Parameters by name, snake_case. */
  readonly params: E;
  readonly run: (
    args: v.InferOutput<v.ObjectSchema<E, undefined>>,
    context: ToolContext,
  ) => ToolAnswer | Promise<ToolAnswer>;
}

export interface Tool {
  readonly name: string;
  /** As the provider sees it. */
  readonly spec: ToolSpec;
  readonly params: v.ObjectEntries;
  /** Never rejects for what the model did wrong; rejects with what the tool threw. */
  call(args: JsonObject, context: ToolContext): Promise<ToolAnswer>;
}

export const answer = (value: unknown): ToolAnswer => ({ ok: true, value: asJson(value) });

/** @param message what is wrong and what to do instead. */
export const refuse = (message: string, data: JsonObject = {}): ToolAnswer => ({
  ok: false,
  error: { error: message, ...data },
});

/** Its schema is made here, which takes milliseconds the first time: {@link createTool} is for who has it already. */
export const defineTool = <const E extends v.ObjectEntries>(definition: ToolDefinition<E>): Tool =>
  createTool(definition, inputSchemaOf(definition.params));

/** @param inputSchema what the model is told of the parameters, as {@link inputSchemaOf} says it. */
export function createTool<const E extends v.ObjectEntries>(
  { name, description, params, run }: ToolDefinition<E>,
  inputSchema: JsonObject,
): Tool {
  const schema = v.object(params);
  return {
    name,
    spec: { name, description, inputSchema },
    params,
    async call(args, context) {
      const parsed = v.safeParse(schema, args);
      if (parsed.success) return run(parsed.output, context);
      return refuse(`Invalid arguments for ${name}: ${complaints(parsed.issues)}`);
    },
  };
}

/** Answers one call of the model; never rejects. The content is redacted and capped in size. */
export async function answerCall(
  tools: readonly Tool[],
  call: ToolCall,
  context: ToolContext,
): Promise<ToolResult> {
  const outcome = await attempt(tools, call, context);
  const content = outcome.ok
    ? capped(redact(outcome.value), outcome.maxChars)
    : capped(redact(outcome.error));
  return { callId: call.id, name: call.name, content, isError: !outcome.ok };
}

async function attempt(tools: readonly Tool[], call: ToolCall, context: ToolContext): Promise<ToolAnswer> {
  const tool = tools.find((candidate) => candidate.name === call.name);
  if (tool === undefined) {
    const names = tools.map((known) => known.name);
    return refuse(`There is no tool "${call.name}". Use one of: ${names.join(', ')}.`);
  }
  const malformed = malformedInputOf(call);
  if (malformed !== undefined)
    return refuse(`The arguments of ${call.name} are not a JSON object: ${malformed}`);
  try {
    context.signal.throwIfAborted();
    return await untilAborted(tool.call(call.arguments, context), context.signal);
  } catch (error) {
    return refuse(reasonOf(error), isError(error) ? { code: error.code } : {});
  }
}

/** What a model is told of parameters. */
export function inputSchemaOf(params: v.ObjectEntries): JsonObject {
  const options = { errorMode: 'ignore', typeMode: 'input' } as const;
  const { $schema: _, ...inputSchema } = toJsonSchema(v.object(params), options);
  return brief(asJson(inputSchema) as JsonObject);
}

/** Without what tells a model nothing (each call is validated anyway): it is paid for in every conversation. */
function brief(schema: JsonObject): JsonObject {
  const isTelling = ([key, value]: [string, JsonValue | undefined]): boolean =>
    !(key === 'minLength' && value === 1) &&
    !(key === 'required' && isEmpty(value)) &&
    !(key === 'default' && (value === '' || isEmpty(value)));
  const entries = Object.entries(schema).filter(isTelling);
  return Object.fromEntries(entries.map(([key, value]) => [key, isObject(value) ? brief(value) : value]));
}

const isEmpty = (value: JsonValue | undefined): boolean => Array.isArray(value) && value.length === 0;

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function complaints(issues: readonly v.BaseIssue<unknown>[]): string {
  return issues.map((issue) => `${v.getDotPath(issue) ?? 'arguments'}: ${issue.message}`).join('; ');
}
