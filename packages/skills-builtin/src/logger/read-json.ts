// A line of JSON as pino, bunyan, winston and their like write it. Pure; a line that was cut is read as far as it goes.
import { type Level, levelOf } from './levels.ts';

export interface Fields {
  readonly level: Level;
  readonly logger: string | undefined;
  readonly message: string;
  readonly errorName: string | undefined;
  /** Of the error. */
  readonly stack: string | undefined;
}

const LEVEL_KEYS = ['level', 'severity', 'levelname', 'lvl', 'log.level'];
const MESSAGE_KEYS = ['msg', 'message', 'event', 'text', 'body'];
const LOGGER_KEYS = ['name', 'logger', 'logger_name', 'component', 'module', 'label', 'service', 'scope'];
const ERROR_KEYS = ['err', 'error', 'exception'];
const MAX_NAME = 80;

type Json = { readonly [key: string]: unknown };

/** Undefined when the line is no object of JSON, or tells neither a level nor a message. */
export function readJson(line: string): Fields | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return readCut(line);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const json = value as Json;
  const error = errorOf(json);
  const level = levelOf(valueUnder(json, LEVEL_KEYS));
  const message = messageOf(json, error);
  if (message === '' && level === 'unknown') return undefined;
  return {
    level,
    logger: textUnder(json, LOGGER_KEYS)?.slice(0, MAX_NAME),
    message,
    errorName: textUnder(error, ['type', 'name'])?.slice(0, MAX_NAME),
    stack: textUnder(error, ['stack']) ?? textUnder(json, ['stack', 'stack_trace']),
  };
}

/** What failed is often only in the error, below a message that is always the same. */
function messageOf(json: Json, error: Json): string {
  const message = textUnder(json, MESSAGE_KEYS) ?? '';
  const reason = textUnder(error, ['message']) ?? '';
  if (reason === '' || message.includes(reason)) return message;
  return message === '' ? reason : `${message}: ${reason}`;
}

function errorOf(json: Json): Json {
  const value = valueUnder(json, ERROR_KEYS);
  if (typeof value === 'string') return { message: value };
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

const valueUnder = (json: Json, keys: readonly string[]): unknown =>
  keys.map((key) => json[key]).find((value) => value !== undefined && value !== null);

function textUnder(json: Json, keys: readonly string[]): string | undefined {
  const value = keys.map((key) => json[key]).find((text) => typeof text === 'string' && text !== '');
  return value as string | undefined;
}

function readCut(line: string): Fields | undefined {
  const level = levelOf(/"(?:level|severity|levelname|lvl)"\s?:\s?"?(\w{1,20})/.exec(line)?.[1]);
  const message = /"(?:msg|message)"\s?:\s?"((?:[^"\\]|\\.){1,1000})/.exec(line)?.[1];
  if (message === undefined && level === 'unknown') return undefined;
  return {
    level,
    logger: /"(?:name|logger|component|module|service)"\s?:\s?"([^"\\]{1,80})"/.exec(line)?.[1],
    message: message ?? '(a line that was too long to be read)',
    errorName: /"type"\s?:\s?"(\w{1,80})"/.exec(line)?.[1],
    stack: /"stack"\s?:\s?"((?:[^"\\]|\\.){1,3000})/.exec(line)?.[1]?.replaceAll('\\n', '\n'),
  };
}
