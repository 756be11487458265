// What the probe tells, read: level, logger, message and error of each line. Pure, and linear in the line's length.
import type { JsonObject } from '@nodelens/core';
import type { AppFrame } from '../app-frame.ts';
import { numberOf, textOf } from '../evidence.ts';
import { isAtLeast, type Level, levelOf } from './levels.ts';
import { type Fields, readJson } from './read-json.ts';
import { thrownBy } from './thrown-by.ts';

export interface LogLine {
  readonly atMs: number;
  readonly level: Level;
  /** Its own name, or the way that it came: `console`, `pino`, `stdout`, `stderr`, `process`. */
  readonly logger: string;
  readonly message: string;
  readonly errorName?: string;
  /** The function of the app that threw the error that was logged with its stack. */
  readonly thrownBy?: AppFrame;
}

const MAX_LINES = 50;
const MAX_MESSAGE = 1_000;

/** One event of the probe; several lines when one write held several. */
export function readEvent(event: JsonObject): readonly LogLine[] {
  const source = textOf(event.source);
  const text = textOf(event.text);
  const atMs = numberOf(event.atMs);
  if (source === 'console' || source === 'warning') return oneLine(event, text, atMs);
  const lines = text.split('\n', MAX_LINES);
  return lines.flatMap((line, index) => {
    const fields = readText(line);
    if (fields === undefined) return [];
    return lineOf({ ...fields, stack: fields.stack ?? stackAfter(lines, index) }, source, atMs);
  });
}

function oneLine(event: JsonObject, text: string, atMs: number): readonly LogLine[] {
  const isWarning = event.source === 'warning';
  const json = text.startsWith('{') ? readJson(text) : undefined;
  const told: Level = isWarning ? 'warn' : levelOf(event.level);
  const level = json === undefined || json.level === 'unknown' ? told : json.level;
  const errorName = json?.errorName ?? (textOf(event.errorName) || errorNameIn(text, level));
  const fields: Fields = {
    level,
    logger: json?.logger,
    message: json?.message || withoutColours(text),
    errorName,
    stack: json?.stack ?? (textOf(event.errorStack) || undefined),
  };
  return [lineOf(fields, isWarning ? 'process' : 'console', atMs)];
}

function lineOf(fields: Fields, source: string, atMs: number): LogLine {
  const thrower = fields.stack === undefined ? undefined : thrownBy(fields.stack);
  return {
    atMs,
    level: fields.level,
    logger: fields.logger ?? source,
    message: fields.message.slice(0, MAX_MESSAGE),
    ...(fields.errorName !== undefined && { errorName: fields.errorName }),
    ...(thrower !== undefined && { thrownBy: thrower }),
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequence of a terminal's colours begins with one
const COLOURS = /\u001b\[[\d;]{0,20}m/g;
const withoutColours = (text: string): string => text.replace(COLOURS, '');

const FRAME = /^\s{1,20}at\s/;
const HAS_WORD = /\w{2}/;

/** The frames that follow a line. */
function stackAfter(lines: readonly string[], index: number): string | undefined {
  const after = lines.slice(index + 1).map(withoutColours);
  const end = after.findIndex((line) => !FRAME.test(line));
  const frames = end === -1 ? after : after.slice(0, end);
  return frames.length === 0 ? undefined : frames.join('\n');
}

function readText(raw: string): Fields | undefined {
  const line = withoutColours(raw).trimEnd();
  // The stack of an error belongs to the line before it, and brackets alone to nothing.
  if (FRAME.test(line) || !HAS_WORD.test(line)) return undefined;
  const json = line.startsWith('{') ? readJson(line) : undefined;
  return json ?? readPlain(line.trimStart());
}

const HEAD = 100;
const UPPER_LEVEL =
  /(?:^|[\s[(<|])(TRACE|VERBOSE|DEBUG|INFO|LOG|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL)(?=$|[\s\]):>|])/;
const MARKED_LEVEL =
  /(?:^|\s|\[)(trace|silly|verbose|debug|info|http|notice|warn|warning|error|fatal|critical)(?:\]|:)(?=\s|$)/i;
const ERROR_TEXT = /^(?:Uncaught )?([A-Z]\w{0,60}(?:Error|Exception)|Error)(?: \[\w{1,60}\])?:/;

function readPlain(line: string): Fields {
  const thrown = ERROR_TEXT.exec(line)?.[1];
  if (thrown !== undefined)
    return { level: 'error', logger: undefined, message: line, errorName: thrown, stack: undefined };
  const head = line.slice(0, HEAD);
  const match = UPPER_LEVEL.exec(head) ?? MARKED_LEVEL.exec(head);
  if (match === null)
    return { level: 'unknown', logger: undefined, message: line, errorName: undefined, stack: undefined };
  const level = levelOf(match[1]);
  const rest = line.slice(match.index + match[0].length).replace(/^[\])>|:\s-]{1,20}/, '');
  const logger = /^\[([\w.:/ -]{1,40})\]\s{1,4}/.exec(rest);
  const message = logger === null ? rest : rest.slice(logger[0].length);
  return {
    level,
    logger: logger?.[1],
    message: message === '' ? line : message,
    errorName: errorNameIn(message, level),
    stack: undefined,
  };
}

const errorNameIn = (text: string, level: Level): string | undefined =>
  isAtLeast(level, 'error')
    ? /\b([A-Z]\w{0,60}(?:Error|Exception))\b/.exec(text.slice(0, MAX_MESSAGE))?.[1]
    : undefined;
