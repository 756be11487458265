// How triage compares what notifications are about. Pure.
import type { Subject } from '../../skill.ts';

/** Names of V8 and of the profiler that stand for no one's code. */
const NOBODY = /^\((?:program|idle|root|garbage collector|native)\)$/;
const ANONYMOUS = /^(?:\(?anonymous\)?|<anonymous>|)$/;

export const isAnonymous = ({ name }: Subject): boolean => ANONYMOUS.test(name);

/**
 * How much a subject tells whom to blame: 3 code with its file, 2 code by name only, 1 a thing with a name,
 * 0 a mere kind (the process, a resource of it). A process with a file is another one, told by the script that it runs.
 */
export function rankOf(subject: Subject): 0 | 1 | 2 | 3 {
  switch (subject.kind) {
    case 'function':
    case 'collection':
      if (NOBODY.test(subject.name) || (isAnonymous(subject) && subject.file === undefined)) return 0;
      return subject.file === undefined ? 2 : 3;
    case 'endpoint':
    case 'peer':
    case 'logger':
    case 'worker':
      return 1;
    case 'process':
      return subject.file === undefined ? 0 : 1;
    case 'resource':
      return 0;
  }
}

/** Whether it can be to blame by itself; an endpoint or a logger is where trouble shows, a resource what runs short. */
export const isSuspect = (subject: Subject): boolean =>
  rankOf(subject) >= 2 || (rankOf(subject) === 1 && OTHERS.has(subject.kind));

const OTHERS: ReadonlySet<Subject['kind']> = new Set(['peer', 'worker', 'process']);

/** The best rank of several; 0 for none. */
export const bestRank = (subjects: readonly Subject[]): number => Math.max(0, ...subjects.map(rankOf));

/**
 * Same kind, name and file; a function is also the same when one name is the other with its owner in front
 * (`load`, `Catalogue.load`) or when it has no name and stands on the same line, a peer when it has the same address.
 * Everything shares this process, so that says nothing.
 */
export function isSameSubject(a: Subject, b: Subject): boolean {
  if (a.kind !== b.kind || !isSameFile(a.file, b.file)) return false;
  if (a.kind === 'process') return a.file !== undefined && b.file !== undefined;
  if (a.kind === 'peer') return addressOf(a.name) === addressOf(b.name);
  if (isAnonymous(a) || isAnonymous(b)) return isSameLine(a, b);
  return a.name === b.name || (a.kind === 'function' && lastPart(a.name) === lastPart(b.name));
}

/** A callback without a name on the line of a function with one is that function's own. */
const isSameLine = (a: Subject, b: Subject): boolean =>
  a.file !== undefined && b.file !== undefined && a.line !== undefined && a.line === b.line;

/**
 * Whether a text contains the name of a subject as a word of its own. A name that is a plain word (`render`, `get`)
 * counts only where its file stands too.
 */
export function mentions(text: string, subject: Subject): boolean {
  if (isAnonymous(subject)) return false;
  const file = subject.file?.split('/').at(-1);
  const hasFile = file !== undefined && text.includes(file);
  return [subject.name, lastPart(subject.name)].some(
    (name) => name.length > 2 && (hasFile || LIKE_CODE.test(name)) && isWordIn(text, name),
  );
}

const LIKE_CODE = /[a-z][A-Z]|[\d_$.#[\]]/;

function isWordIn(text: string, name: string): boolean {
  const escaped = name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`(?<![\\w$])${escaped}(?![\\w$])`).test(text);
}

/** As the tools accept it: a name that is not empty, a line from 1; a check that gets this wrong still reports. */
export function sendable({ name, line, ...rest }: Subject): Subject {
  const isLine = line !== undefined && Number.isInteger(line) && line > 0;
  return { ...rest, name: name.trim() || '(anonymous)', ...(isLine && { line }) };
}

/** `file:line`, or what of it is known. */
export function placeOf({ file, line }: Subject): string | undefined {
  if (file === undefined) return undefined;
  return line === undefined ? file : `${file}:${line}`;
}

/** One skill tells a peer by its URL, another by the address of its sockets. */
const addressOf = (name: string): string =>
  /(?:\[[\da-f:.]+\]|[\w.-]+):\d+/i.exec(name)?.[0].toLowerCase() ?? name;

const lastPart = (name: string): string => name.split(/[.#]/).at(-1) || name;

/** Absolute and relative paths and URLs of one file are the same; an unknown file contradicts none. */
function isSameFile(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined) return true;
  const [x, y] = [pathOf(a), pathOf(b)];
  return x === y || x.endsWith(`/${y}`) || y.endsWith(`/${x}`);
}

const pathOf = (file: string): string => file.replace(/^file:\/\//, '').replace(/^\.\//, '');
