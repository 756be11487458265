// Which functions make Buffers, by the text of their source: what a function allocates outside of V8's heap no
// profile of V8 shows. And whether they hand on what they make, or are done with it themselves. Pure.
import { calledFrom, type FunctionPlace, lineAt, type Source, type Span, spanOf } from './source-text.ts';

export interface Maker {
  /** `Buffer.alloc`, `new Uint8Array`. */
  readonly what: string;
  /** 1-based. */
  readonly line: number;
  /** It is returned, passed on or stored, so that somebody else can keep it. */
  readonly isHandedOn: boolean;
}

/** A function of the same file that another one calls, and that makes Buffers. */
export interface Helper {
  readonly name: string;
  readonly line: number;
  readonly makes: readonly Maker[];
}

const MAKERS =
  /\bBuffer\s*\.\s*(?:alloc|allocUnsafe|allocUnsafeSlow|from|concat|copyBytesFrom)(?=\s*\()|\bnew\s+(?:(?:Shared)?ArrayBuffer|(?:Ui|I)nt(?:8|16|32)(?:Clamped)?Array|Big(?:Ui|I)nt64Array|Float(?:16|32|64)Array|WebAssembly\s*\.\s*Memory)\b|\b(?:readFile(?:Sync)?|randomBytes|(?:gzip|gunzip|deflate(?:Raw)?|inflate(?:Raw)?|unzip|brotliCompress|brotliDecompress|zstdCompress|zstdDecompress)(?:Sync)?)(?=\s*\()|(?<=\.\s*)(?:arrayBuffer|toBuffer)(?=\s*\()/g;
const MAX_MAKERS = 5;
/** V8 inlines small functions, and books them on the caller of the caller. */
const MAX_DEPTH = 3;
const MAX_HELPERS = 20;

/** What the function at this place makes itself; empty when there is no function. */
export function makersIn(source: Source, place: FunctionPlace): readonly Maker[] {
  const span = spanOf(source, place);
  return span === undefined ? [] : makersBetween(source, span);
}

/** The functions of the same file that are called from the one at this place, also through others, and make Buffers. */
export function helpersOf(source: Source, place: FunctionPlace): readonly Helper[] {
  const span = spanOf(source, place);
  const helpers = new Map<number, Helper>();
  const seen = new Set<number>();
  const visit = (caller: Span, depth: number): void => {
    for (const [name, called] of calledFrom(source, caller)) {
      if (seen.has(called.from) || seen.size >= MAX_HELPERS) continue;
      seen.add(called.from);
      const makes = makersBetween(source, called);
      if (makes.length > 0) helpers.set(called.from, { name, line: lineAt(source, called.from), makes });
      if (depth < MAX_DEPTH) visit(called, depth + 1);
    }
  };
  if (span !== undefined) visit(span, 1);
  return [...helpers.values()];
}

function makersBetween(source: Source, { from, to }: Span): readonly Maker[] {
  const body = source.code.slice(from, to);
  return [...body.matchAll(MAKERS)].slice(0, MAX_MAKERS).map((match) => ({
    what: match[0].replace(/\s+/g, ' ').replace(/ ?\. ?/g, '.'),
    line: lineAt(source, from + match.index),
    isHandedOn: isHandedOn(body, match.index, match[0].length),
  }));
}

/** A variable of which only fields and methods are used is not, nor is `Buffer.from(text).toString()`. */
function isHandedOn(body: string, at: number, length: number): boolean {
  const rest = body.slice(endOfCall(body, at + length));
  if (/^\s*\??\.|^\s*\[/.test(rest)) return false;
  const line = body.slice(body.lastIndexOf('\n', at) + 1, at);
  const variable =
    /\b(?:const|let|var)\s+([\w$]+)\s*(?::[^=]{1,80})?=\s*(?:await\s+)?(?:[\w$]+\s*\.\s*)?$/.exec(line)?.[1];
  if (variable === undefined) return true;
  return new RegExp(`(?<![\\w$.])${variable.replaceAll('$', '\\$')}(?![\\w$]|\\s*[.[?])`).test(rest);
}

function endOfCall(body: string, from: number): number {
  const open = body.indexOf('(', from);
  let depth = 0;
  for (let at = open; at >= 0 && at < body.length; at += 1) {
    if (body[at] === '(') depth += 1;
    if (body[at] === ')') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return body.length;
}
