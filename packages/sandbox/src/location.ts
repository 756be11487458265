// From a stack trace or a compile error to a line of the caller's code.

/** Name under which the code is compiled; its lines are counted from 1. */
export const codeFile = 'sandbox-code.js';

const frame = new RegExp(`^\\s+at .*${codeFile}:(\\d+):\\d+`, 'm');
const compilePlace = new RegExp(`\\s*\\[${codeFile}:(\\d+):\\d+\\]`);
const failingCodeChars = 500;

/** The innermost frame that lies in the code. */
export const lineOfStack = (stack: string): number | undefined => {
  const line = frame.exec(stack)?.[1];
  return line === undefined ? undefined : Number(line);
};

/** isolated-vm appends the place to the message of a compile error. */
export function splitCompileError(message: string): { message: string; line?: number } {
  const line = compilePlace.exec(message)?.[1];
  if (line === undefined) return { message };
  return { message: message.replace(compilePlace, ''), line: Number(line) };
}

/** `line` within the code (an unclosed bracket is reported behind its end), and that line or the whole code. */
export function placeIn(code: string, line: number | undefined): { line?: number; failingCode: string } {
  const lines = code.split(/\r\n|[\n\r\u2028\u2029]/);
  if (line === undefined || line < 1) return { failingCode: code.slice(0, failingCodeChars) };
  const within = Math.min(line, lines.length);
  return { line: within, failingCode: (lines[within - 1] ?? '').slice(0, failingCodeChars) };
}
