// What a model does about a result that was cut to size: it asks for less, as the note in the result says. Here that
// is the same script with every list cut to its first entries, which are those that matter most. Pure.
import { answeredCalls, type JsonObject, type Message, type ToolCall } from '@nodelens/core';

/** Entries that each list keeps in the first attempt, and in the second. */
const ENTRIES = [10, 3] as const;

const BEFORE = 'const whole = await (async () => {\n';
const BETWEEN = '\n})();\nconst less = (value) =>';

const shortened = (code: string, entries: number): string =>
  `${BEFORE}${code}${BETWEEN}
  Array.isArray(value)
    ? value.slice(0, ${entries}).map(less)
    : value !== null && typeof value === 'object'
      ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, less(part)]))
      : value;
return less(whole);`;

/** The script that was meant. */
const meantBy = (code: string): string =>
  code.startsWith(BEFORE) ? code.slice(BEFORE.length, code.lastIndexOf(BETWEEN)) : code;

/** Scripts of the last turn whose results were cut, shortened once more. */
export function scriptsForLess(messages: readonly Message[]): readonly string[] {
  const last = messages.findLast((message) => message.role === 'tool');
  const answered = answeredCalls(messages).filter(({ call }) => call.name === 'execute');
  const cut = answered.filter(({ result }) => last?.results.includes(result) && isCut(result.content));
  return cut.flatMap(({ call }) => {
    const code = meantBy(codeOf(call));
    const tried = ENTRIES.findLastIndex((entries) => codeOf(call) === shortened(code, entries));
    const entries = ENTRIES[tried + 1];
    return entries === undefined ? [] : [shortened(code, entries)];
  });
}

/** The conversation as if those scripts themselves had answered with less. */
export const asMeant = (messages: readonly Message[]): readonly Message[] =>
  messages.map((message) =>
    message.role === 'assistant' ? { ...message, toolCalls: message.toolCalls.map(meant) } : message,
  );

const meant = (call: ToolCall): ToolCall =>
  call.name === 'execute' ? { ...call, arguments: { code: meantBy(codeOf(call)) } } : call;

const codeOf = ({ arguments: { code } }: ToolCall): string => String(code);

const isCut = (content: unknown): boolean => (content as JsonObject | null)?.truncated === true;
