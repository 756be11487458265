// The text of a source as far as it must be understood to find a function's body and whom it calls. It reads, it does
// not parse: wrong only for code of an odd shape. Pure.

/** A function's place: V8 puts it where its parameters begin. 1-based. */
export interface FunctionPlace {
  readonly line: number;
  readonly column?: number;
}

/** A source whose texts and comments are blanked, so that what is only spoken of does not count. */
export interface Source {
  readonly code: string;
  /** Offset of each line. */
  readonly lines: readonly number[];
  /** Where the parameters of its functions begin, by name. */
  readonly definitions: ReadonlyMap<string, number>;
}

/** Offsets: `from` is where its parameters begin. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const LITERALS =
  /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
/** `function name(`, `const name = (`, a method's `name(…) {`. */
const DEFINITIONS =
  /\bfunction\s*\*?\s*([\w$]+)\s*\(|\b(?:const|let|var)\s+([\w$]+)\b[^=\n]{0,80}=\s*(?:async\s+)?(?:function\b[^(\n]{0,80})?\(|^[ \t]+(?:(?:static|async|private|public|protected)\s+){0,3}(?!(?:if|for|while|switch|catch|with)\b)(#?[\w$]+)\s*\((?=[^()\n]{0,200}\)[^;\n]{0,80}\{$)/gm;
const CALLS = /(?<![\w$])(#?[\w$]+)\s*\(/g;
/** Longer ones are a bundle's wrapper: the functions inside are seen by themselves. */
const MAX_TEXT = 20_000;
const MAX_CALLS = 40;

export function sourceOf(text: string): Source {
  const code = text.replace(LITERALS, (literal) => literal.replace(/[^\n]/g, ' '));
  const lines = [0];
  for (let at = code.indexOf('\n'); at >= 0; at = code.indexOf('\n', at + 1)) lines.push(at + 1);
  return { code, lines, definitions: definitionsIn(code) };
}

/** Undefined when there is no function, or when it is the module itself. */
export function spanOf({ code, lines }: Source, { line, column }: FunctionPlace): Span | undefined {
  const start = lines[line - 1];
  if (start === undefined || (line === 1 && column === 1)) return undefined;
  const from = column === undefined ? code.indexOf('(', start) : start + column - 1;
  return from < 0 ? undefined : { from, to: endOf(code, from) };
}

/** The functions of the same file that one calls, by name. */
export function calledFrom({ code, definitions }: Source, { from, to }: Span): ReadonlyMap<string, Span> {
  const names = new Set([...code.slice(from, to).matchAll(CALLS)].map(([, name = '']) => name));
  const called = new Map<string, Span>();
  for (const name of [...names].slice(0, MAX_CALLS)) {
    const at = definitions.get(name);
    if (at !== undefined && at !== from) called.set(name, { from: at, to: endOf(code, at) });
  }
  return called;
}

/** 1-based. */
export function lineAt({ lines }: Source, offset: number): number {
  const after = lines.findIndex((start) => start > offset);
  return after < 0 ? lines.length : after;
}

/** The first of each name: the offset of the parenthesis. */
function definitionsIn(code: string): ReadonlyMap<string, number> {
  const definitions = new Map<string, number>();
  for (const match of code.matchAll(DEFINITIONS)) {
    const name = match[1] ?? match[2] ?? match[3] ?? '';
    if (!definitions.has(name)) definitions.set(name, match.index + match[0].length - 1);
  }
  return definitions;
}

function endOf(code: string, from: number): number {
  const limit = Math.min(code.length, from + MAX_TEXT);
  let depth = 0;
  let isArrow = false;
  for (let at = from; at < limit; at += 1) {
    const char = code[at] as string;
    if (char === '=' && code[at + 1] === '>' && depth === 0) isArrow = true;
    if ('([{'.includes(char)) depth += 1;
    else if (')]}'.includes(char)) depth -= 1;
    // An arrow function without braces ends with its expression.
    if (depth < 0 || (depth === 0 && isArrow && (char === ';' || char === ','))) return at;
    // `: { a: string } {`: the type of what it returns comes first.
    if (depth === 0 && char === '}' && !/^\s*\{/.test(code.slice(at + 1, at + 20))) return at + 1;
  }
  return limit;
}
