// Which functions make Buffers, by the text of their source: what a function allocates outside of V8's heap no
// profile of V8 shows. It reads, it does not parse: wrong only for code that hides its calls. Pure.

export interface FunctionText {
  /** Where its parameters begin; V8 places functions there. 1-based. */
  readonly line: number;
  readonly column?: number;
}

export interface Maker {
  /** `Buffer.alloc`, `new Uint8Array`. */
  readonly what: string;
  /** 1-based. */
  readonly line: number;
}

/** A function of the same file that another one calls, and that makes Buffers. */
export interface Helper {
  readonly name: string;
  readonly line: number;
  readonly makes: readonly Maker[];
}

/** A source whose texts and comments are blanked, so that what is only spoken of does not count. */
export interface Source {
  readonly code: string;
  /** Offset of each line. */
  readonly lines: readonly number[];
}

const LITERALS =
  /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
const MAKERS =
  /\bBuffer\s*\.\s*(?:alloc|allocUnsafe|allocUnsafeSlow|from|concat|copyBytesFrom)(?=\s*\()|\bnew\s+(?:(?:Shared)?ArrayBuffer|(?:Ui|I)nt(?:8|16|32)(?:Clamped)?Array|Big(?:Ui|I)nt64Array|Float(?:16|32|64)Array|WebAssembly\s*\.\s*Memory)\b|\b(?:readFile(?:Sync)?|randomBytes|(?:gzip|gunzip|deflate(?:Raw)?|inflate(?:Raw)?|unzip|brotliCompress|brotliDecompress|zstdCompress|zstdDecompress)(?:Sync)?)(?=\s*\()|(?<=\.\s*)(?:arrayBuffer|toBuffer)(?=\s*\()/g;
const CALLS = /(?<![\w$])(?:this\s*\.\s*)?(#?[\w$]+)\s*\(/g;
/** Longer ones are a bundle's wrapper: the functions inside are seen by themselves. */
const MAX_TEXT = 20_000;
const MAX_MAKERS = 5;
const MAX_CALLS = 60;

export function sourceOf(text: string): Source {
  const code = text.replace(LITERALS, (literal) => literal.replace(/[^\n]/g, ' '));
  const lines = [0];
  for (let at = code.indexOf('\n'); at >= 0; at = code.indexOf('\n', at + 1)) lines.push(at + 1);
  return { code, lines };
}

/** What the function at this place makes itself; empty when there is no function. */
export function makersIn(source: Source, place: FunctionText): readonly Maker[] {
  const from = offsetOf(source, place);
  return from === undefined ? [] : makersBetween(source, from, endOf(source.code, from));
}

/** The functions of the same file that the one at this place calls, and that make Buffers. */
export function helpersOf(source: Source, place: FunctionText): readonly Helper[] {
  const from = offsetOf(source, place);
  if (from === undefined) return [];
  const body = source.code.slice(from, endOf(source.code, from));
  const names = new Set([...body.matchAll(CALLS)].map(([, name = '']) => name));
  return [...names].slice(0, MAX_CALLS).flatMap((name): Helper[] => {
    const at = definitionOf(source.code, name);
    if (at === undefined || at === from) return [];
    const makes = makersBetween(source, at, endOf(source.code, at));
    return makes.length === 0 ? [] : [{ name, line: lineAt(source, at), makes }];
  });
}

function makersBetween(source: Source, from: number, to: number): readonly Maker[] {
  return [...source.code.slice(from, to).matchAll(MAKERS)].slice(0, MAX_MAKERS).map((match) => ({
    what: match[0].replace(/\s+/g, ' ').replace(/ ?\. ?/g, '.'),
    line: lineAt(source, from + match.index),
  }));
}

/** Of the parameters' parenthesis, or of an arrow function's only parameter. */
function offsetOf({ code, lines }: Source, { line, column }: FunctionText): number | undefined {
  const start = lines[line - 1];
  if (start === undefined) return undefined;
  if (column !== undefined) return start + column - 1;
  const paren = code.indexOf('(', start);
  return paren < 0 ? undefined : paren;
}

/** `function name(`, `const name = (`, a method's `name(…) {`: the offset of the parenthesis. */
function definitionOf(code: string, name: string): number | undefined {
  const escaped = name.replace(/[$]/g, '\\$&');
  const before = `\\bfunction\\s*\\*?\\s*${escaped}\\s*|\\b(?:const|let|var)\\s+${escaped}\\b[^=\\n]{0,80}=\\s*(?:async\\s+)?(?:function\\b[^(\\n]{0,80})?|^[ \\t]+(?:(?:static|async|private|public|protected)\\s+){0,3}${escaped}\\s*(?=\\([^()\\n]{0,200}\\)[^;\\n]{0,80}\\{$)`;
  const match = new RegExp(`(?:${before})\\(`, 'm').exec(code);
  return match === null ? undefined : match.index + match[0].length - 1;
}

/** The end of the function whose parameters begin at `from`. */
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

function lineAt({ lines }: Source, offset: number): number {
  const after = lines.findIndex((start) => start > offset);
  return after < 0 ? lines.length : after;
}
