// A callback as one line of a prompt: `top(limit?: integer 1..50 = 10): The largest things.` Models read signatures as
// well as JSON Schema, at a third of the tokens.
import type { JsonObject, JsonValue } from '../json.ts';
import type { CallbackDescriptor } from '../skill-host.ts';

/** @param usualMs the deadline that goes without saying. */
export function signature(
  { name, params, description, timeoutMs }: CallbackDescriptor,
  usualMs: number,
): string {
  const args = params.map((param) => `${param.name}${param.optional ? '?' : ''}: ${typeOf(param.schema)}`);
  const deadline = timeoutMs === usualMs ? '' : ` At most ${timeoutMs} ms.`;
  return `${name}(${args.join(', ')}): ${description}${deadline}`;
}

/** What the short form can tell; a schema with anything else is told as it is. */
const TOLD = new Set(['type', 'minimum', 'maximum', 'enum', 'const', 'default', 'items', 'minLength']);

function typeOf(schema: JsonObject): string {
  const isShort = Object.keys(schema).every((key) => TOLD.has(key));
  if (!isShort) return JSON.stringify(schema);
  const initial = schema.default === undefined ? '' : ` = ${JSON.stringify(schema.default)}`;
  return `${baseOf(schema)}${rangeOf(schema)}${initial}`;
}

function baseOf({ type, enum: values, const: only, items }: JsonObject): string {
  if (Array.isArray(values))
    return (values as readonly JsonValue[]).map((v) => JSON.stringify(v)).join(' | ');
  if (only !== undefined) return JSON.stringify(only);
  if (type === 'array' && isObject(items)) return `(${typeOf(items)})[]`;
  return typeof type === 'string' ? type : 'any';
}

function rangeOf({ minimum, maximum, minLength }: JsonObject): string {
  if (minLength !== undefined)
    return minLength === 1 ? ', not empty' : `, of ${minLength} characters or more`;
  if (minimum === undefined && maximum === undefined) return '';
  return ` ${minimum ?? ''}..${maximum ?? ''}`;
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
