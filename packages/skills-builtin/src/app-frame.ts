// The frame of a stack that the app answers for: the innermost of its own code, or of a dependency where it has none.
// It runs on main, once per event, so it reads a bounded part of the stack and makes nothing of the rest. Pure.
import { fileURLToPath } from 'node:url';
import { isOwnCode } from './own-code.ts';

/** Like `Place`, with names as V8 gives them to functions: without the receiver. */
export interface AppFrame {
  readonly name: string;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
}

const MAX_CHARS = 6_000;
const MAX_LINE_CHARS = 500;

/** @param message of the error, which stands in front of the frames and may look like one */
export function appFrame(stack: string, message: string): AppFrame | undefined {
  let dependency: AppFrame | undefined;
  for (const frame of framesOf(stack, message)) {
    if (isOfApp(frame)) return frame;
    dependency ??= frame;
  }
  return dependency;
}

/** Not of a dependency. */
export const isOfApp = ({ file }: AppFrame): boolean => !/[\\/]node_modules[\\/]/.test(file);

/** Innermost first, without Node's own and Nodelens'; `message` as in {@link appFrame}. */
export function* framesOf(stack: string, message: string): Generator<AppFrame> {
  const from = message === '' ? -1 : stack.indexOf(message);
  const start = from === -1 ? 0 : from + message.length;
  for (const line of stack.slice(start, start + MAX_CHARS).split('\n')) {
    const frame = frameOf(line);
    if (frame !== undefined && !isOwnCode(frame.file)) yield frame;
  }
}

function frameOf(text: string): AppFrame | undefined {
  if (text.length > MAX_LINE_CHARS) return undefined;
  const match = /^\s+at (?:(.*) \()?([^()]+):(\d+):(\d+)\)?$/.exec(text);
  if (match === null) return undefined;
  const [, name = '', where = '', line, column] = match;
  const url = where.replace(/^async /, '');
  if (url.startsWith('node:') || url.includes('<anonymous>')) return undefined;
  return { name: functionName(name), file: fileOf(url), line: Number(line), column: Number(column) };
}

/** `async OrderFeed.subscribe [as on]` is `subscribe`, `new OrderFeed` is `OrderFeed`. */
function functionName(text: string): string {
  const bare = text.replace(/ \[as .*\]$/, '').replace(/^(?:async |new )+/, '');
  const name = bare.slice(bare.lastIndexOf('.') + 1);
  return name === '' || name === '<anonymous>' ? '(anonymous)' : name;
}

/** Neither Node's nor Nodelens'. @param script as V8 tells it of a call site: a path, a URL, or a name of Node's */
export const isAppScript = (script: string): boolean =>
  /^(?:file:|[\\/]|[A-Za-z]:)/.test(script) && !isOwnCode(script);

/** @param script as in {@link isAppScript} */
export function fileOf(script: string): string {
  if (!script.startsWith('file:')) return script;
  try {
    return fileURLToPath(script);
  } catch {
    return script;
  }
}
