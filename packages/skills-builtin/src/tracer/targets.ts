// Which function is meant: by name, file and line, whatever of them is given. What is not there, or not the only one,
// is told with the nearest that are.
import { basename } from 'node:path';
import type { CodeLocation, RecorderContext } from '@nodelens/core';
import type { FunctionList, ListedFunction, SourceText } from './functions.ts';
import { sourceOnDisk } from './functions.ts';

export interface TargetName {
  readonly name?: string | undefined;
  /** A path, or how it ends. */
  readonly file?: string | undefined;
  /** 1-based; any line of the function. */
  readonly line?: number | undefined;
}

/** A function with its place in the source that its author wrote. */
export interface Candidate {
  readonly listed: ListedFunction;
  readonly location: CodeLocation;
  /** 1-based last line; undefined where the source is not readable. */
  readonly toLine: number | undefined;
}

const NEAREST = 8;
/** Candidates that are located; each costs a look into its source map. */
const MAX_LOCATED = 500;

type Locate = RecorderContext['locate'];

/** All that the name may mean, the app's own code first. */
export async function findCandidates(
  { functions }: FunctionList,
  target: TargetName,
  locate: Locate,
): Promise<readonly Candidate[]> {
  const named = functions.filter((one) => isNamed(one, target));
  const { file } = target;
  // Those of the file first, for only so many are located.
  const ofFile = ({ url }: ListedFunction): number => Number(file !== undefined && endsWithPath(url, file));
  const located = await locateAll(
    named.toSorted((a, b) => ofFile(b) - ofFile(a)),
    locate,
  );
  return located.filter((candidate) => isAt(candidate, target)).sort(byOwnCode);
}

/** The one that is meant. @throws Error that lists the candidates, or the nearest functions when there is none. */
export async function resolveTarget(
  list: FunctionList,
  found: readonly Candidate[],
  { target, locate }: { readonly target: TargetName; readonly locate: Locate },
): Promise<Candidate> {
  const candidates = innermost(found, target);
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) return only;
  if (only !== undefined)
    throw new Error(
      `${describeTarget(target)} is ${candidates.length} functions; name file and line of one: ${listed(candidates)}.`,
    );
  const near = await locateAll(nearest(list.functions, target), locate);
  throw new Error(
    `V8 lists no function that is ${describeTarget(target)}; it may not have run for a while.${near.length === 0 ? '' : ` Nearest: ${listed(near)}.`}`,
  );
}

export function describeTarget({ name, file, line }: TargetName): string {
  const where = file === undefined ? '' : ` in ${file}`;
  return `${name === undefined ? 'any function' : `"${name}"`}${where}${line === undefined ? '' : ` at line ${line}`}`;
}

const listed = (candidates: readonly Candidate[]): string =>
  candidates
    .slice(0, NEAREST)
    .map(({ location: { name, file, line } }) => `${name} (${file}:${line})`)
    .join(', ');

/** `load` also names `Store.load`, `exports.load` and `get load`. */
function isNamed({ name, url }: ListedFunction, target: TargetName): boolean {
  if (target.name !== undefined) return bareName(name) === bareName(target.name);
  // Without a name the script must be the file, or the one that it was compiled to.
  return target.file !== undefined && stem(url) === stem(target.file);
}

const bareName = (name: string): string => name.slice(name.search(/[^.\s]+$/));

const stem = (path: string): string => basename(path).replace(/(\.[cm]?[jt]sx?)+$/, '');

function isAt({ listed: { url }, location, toLine }: Candidate, { file, line }: TargetName): boolean {
  const isFile = file === undefined || endsWithPath(location.file, file) || endsWithPath(url, file);
  if (line === undefined || !isFile) return isFile;
  return line === location.line || (line > location.line && toLine !== undefined && line <= toLine);
}

function endsWithPath(path: string, end: string): boolean {
  const wanted = end.replace(/^\.?\//, '');
  return path === end || path.endsWith(`/${wanted}`) || path.endsWith(`\\${wanted}`);
}

/** A line is in the function and in those around it. */
function innermost(candidates: readonly Candidate[], { line }: TargetName): readonly Candidate[] {
  if (line === undefined || candidates.length < 2) return candidates;
  const sizes = candidates.map(({ listed: { from, to } }) => to - from);
  const smallest = Math.min(...sizes);
  return candidates.filter((_, at) => sizes[at] === smallest);
}

function byOwnCode(a: Candidate, b: Candidate): number {
  const dependency = ({ location: { file } }: Candidate): number =>
    Number(/[\\/]node_modules[\\/]/.test(file));
  return dependency(a) - dependency(b);
}

async function locateAll(
  functions: readonly ListedFunction[],
  locate: Locate,
): Promise<readonly Candidate[]> {
  const sources = new Map<string, Promise<SourceText | undefined>>();
  return Promise.all(
    functions.slice(0, MAX_LOCATED).map(async (one) => {
      const source = sources.get(one.url) ?? sourceOnDisk(one.url);
      sources.set(one.url, source);
      return locateOne(one, await source, locate);
    }),
  );
}

async function locateOne(
  one: ListedFunction,
  source: SourceText | undefined,
  locate: Locate,
): Promise<Candidate> {
  const name = one.name === '' ? '(anonymous)' : one.name;
  const at = async (offset: number): Promise<CodeLocation> => {
    const { lineNumber, columnNumber } = source?.positionOf(offset) ?? { lineNumber: -1, columnNumber: -1 };
    return locate({ name, file: one.url, line: lineNumber + 1, column: columnNumber + 1 });
  };
  const location = { ...(await at(one.from)), name };
  if (source === undefined || one.to > source.text.length)
    return { listed: one, location: { ...location, line: 0 }, toLine: undefined };
  return { listed: one, location, toLine: (await at(Math.max(one.from, one.to - 1))).line };
}

/** Names that look alike first; without a name those of the file. */
function nearest(
  functions: readonly ListedFunction[],
  { name, file }: TargetName,
): readonly ListedFunction[] {
  const wanted = name ?? (file === undefined ? '' : stem(file));
  return functions
    .filter(({ name: one }) => one !== '')
    .map((one) => ({
      one,
      distance: distance(name === undefined ? stem(one.url) : bareName(one.name), wanted),
    }))
    .filter(({ distance: far }) => far <= Math.max(2, wanted.length / 2))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, NEAREST)
    .map(({ one }) => one);
}

/** Edits from one to the other, without regard to case; 1 where one is in the other. */
export function distance(left: string, right: string): number {
  const [a, b] = [left.toLowerCase(), right.toLowerCase()];
  if (a === b) return 0;
  if (a.length > 2 && b.length > 2 && (a.includes(b) || b.includes(a))) return 1;
  let previous = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(swap, (previous[j] as number) + 1, (row[j - 1] as number) + 1));
    }
    previous = row;
  }
  return previous[b.length] as number;
}
