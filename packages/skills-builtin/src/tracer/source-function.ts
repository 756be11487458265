// Reads the head of a function from its source text: what kind it is, how its arguments are got at, where its body
// begins. A small scanner, no parser: what it does not understand it says so. Pure.

export interface SourceFunction {
  readonly isAsync: boolean;
  readonly isGenerator: boolean;
  readonly isArrow: boolean;
  /** Names of an arrow function's parameters; undefined for one that is taken apart. Others have `arguments`. */
  readonly parameters: readonly (string | undefined)[];
  /** Offset of the body in the text. */
  readonly bodyAt: number;
  /** The first statement is evaluated again and again: a hit there is no call. */
  readonly beginsWithLoop: boolean;
}

const SPACE = /(?:\s|\/\/[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/y;
const HEAD = /^(async\b)?\s*(?:(function\b)\s*)?(\*)?/;
const SINGLE = /^(?:async\s+)?([A-Za-z_$][\w$]*)\s*=>/;
const LOOP = /^(?:[A-Za-z_$][\w$]*\s*:\s*)?(?:while\b|do\b|for\s*(?:await\s*)?\(\s*;)/;
const IDENTIFIER = /^(?:\.\.\.)?\s*([A-Za-z_$][\w$]*)\s*(?:=(?!>)|$)/;

/** Undefined when the text is no function that it understands. */
export function readFunction(text: string): SourceFunction | undefined {
  const head = HEAD.exec(text);
  const isAsync = head?.[1] !== undefined;
  const isGenerator = head?.[3] !== undefined;
  const single = SINGLE.exec(text);
  if (single !== null) {
    const bodyAt = skipSpace(text, single[0].length);
    return { isAsync, isGenerator: false, isArrow: true, parameters: [single[1]], ...bodyOf(text, bodyAt) };
  }
  const openAt = openingParenthesis(text);
  const closeAt = openAt === undefined ? undefined : closing(text, openAt);
  if (openAt === undefined || closeAt === undefined) return undefined;
  const after = skipSpace(text, closeAt + 1);
  if (text[after] === '{')
    return { isAsync, isGenerator, isArrow: false, parameters: [], ...bodyOf(text, after) };
  if (!text.startsWith('=>', after)) return undefined;
  const parameters = split(text.slice(openAt + 1, closeAt)).map(
    (one) => IDENTIFIER.exec(one.slice(skipSpace(one, 0)))?.[1],
  );
  return { isAsync, isGenerator, isArrow: true, parameters, ...bodyOf(text, skipSpace(text, after + 2)) };
}

function bodyOf(text: string, bodyAt: number): Pick<SourceFunction, 'bodyAt' | 'beginsWithLoop'> {
  if (text[bodyAt] !== '{') return { bodyAt, beginsWithLoop: false };
  const firstAt = skipSpace(text, bodyAt + 1);
  return { bodyAt, beginsWithLoop: LOOP.test(text.slice(firstAt, firstAt + 200)) };
}

function skipSpace(text: string, from: number): number {
  SPACE.lastIndex = from;
  SPACE.test(text);
  return SPACE.lastIndex;
}

/** Behind a computed name, if there is one. */
function openingParenthesis(text: string): number | undefined {
  const bracket = text.indexOf('[');
  const first = text.indexOf('(');
  if (bracket === -1 || first === -1 || first < bracket) return first === -1 ? undefined : first;
  const behind = closing(text, bracket);
  const next = behind === undefined ? -1 : text.indexOf('(', behind);
  return next === -1 ? undefined : next;
}

const CLOSED_BY: { readonly [opening: string]: string } = { '(': ')', '[': ']', '{': '}' };

/** Offset of the bracket that closes the one at `from`; strings and comments are stepped over. */
function closing(text: string, from: number): number | undefined {
  const expected: string[] = [];
  for (let at = from; at < text.length; at = nextToken(text, at)) {
    const char = text[at] as string;
    const closedBy = CLOSED_BY[char];
    if (closedBy !== undefined) expected.push(closedBy);
    else if (char === expected.at(-1)) expected.pop();
    if (expected.length === 0) return at;
  }
  return undefined;
}

function nextToken(text: string, at: number): number {
  const char = text[at] as string;
  if (char === '"' || char === "'" || char === '`') return behindQuote(text, at);
  if (char === '/' && (text[at + 1] === '/' || text[at + 1] === '*')) return skipSpace(text, at);
  return at + 1;
}

function behindQuote(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === text[from]) return at + 1;
  }
  return text.length;
}

/** At the commas of the list itself. */
function split(list: string): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < list.length; ) {
    if (list[at] === ',') {
      parts.push(list.slice(from, at));
      from = at + 1;
    }
    at =
      CLOSED_BY[list[at] as string] === undefined
        ? nextToken(list, at)
        : (closing(list, at) ?? list.length) + 1;
  }
  const last = list.slice(from);
  return [...parts, ...(last.trim() === '' ? [] : [last])].map((part) => part.trim());
}
