// Where a function is watched: at its first statement, at its end, and in front of each `throw`. Pure.
import type { Position, SourceText } from './functions.ts';
import { RECORDING } from './protocol.ts';
import { readFunction } from './source-function.ts';

/** As `Debugger.getPossibleBreakpoints` tells it. */
export interface BreakLocation extends Position {
  readonly type?: string;
}

export interface BreakpointPlan extends Position {
  readonly condition: string;
}

export interface TracePlan {
  readonly entry: Position;
  readonly kind: 'function' | 'async function' | 'generator';
  readonly timing: 'promise' | 'return' | 'none';
  readonly breakpoints: readonly BreakpointPlan[];
  /** What the trace will not tell, and why. */
  readonly notes: readonly string[];
}

export interface PlanInput {
  readonly source: SourceText;
  /** Offsets of the function. */
  readonly from: number;
  readonly to: number;
  readonly locations: readonly BreakLocation[];
}

const MAX_THROWS = 10;
const THROW = /^throw\b\s*(?:new\s+([A-Za-z_$][\w$.]*)|([A-Za-z_$][\w$]*)\s*(?:[;}\n]|$))?/;

/** @throws Error when a call of the function cannot be told from what happens inside of it. */
export function planTrace({ source, from, to, locations }: PlanInput): TracePlan {
  const head = readFunction(source.text.slice(from, to));
  if (head === undefined) throw new Error('its source is not understood: is it a function?');
  if (head.beginsWithLoop)
    throw new Error(
      'its body begins with a loop, whose iterations cannot be told from calls; trace what calls it.',
    );
  const places = locations
    .map((location) => ({ ...location, offset: source.offsetOf(location) }))
    .filter(({ offset }) => offset >= from + head.bodyAt && offset < to);
  const entry = places.find(
    ({ offset, type }, at) => !isIteration(source.text, { offset, type }, places.length > at + 1),
  );
  if (entry === undefined) throw new Error('it has no place where a breakpoint could stand.');
  const args = head.isArrow
    ? `[${head.parameters.map((name) => name ?? `${RECORDING}.hidden`).join(',')}]`
    : 'arguments';
  const exits = places.filter((place) => place.type === 'return' && place !== entry);
  const kind = head.isGenerator ? 'generator' : head.isAsync ? 'async function' : 'function';
  const timing =
    kind === 'async function' ? 'promise' : kind === 'generator' || exits.length === 0 ? 'none' : 'return';
  const throws =
    timing === 'return' ? places.filter((place) => isThrow(source, place)).slice(0, MAX_THROWS) : [];
  return {
    entry: at(entry),
    kind,
    timing,
    breakpoints: [
      { ...at(entry), condition: `${RECORDING}?.enter(${args})` },
      ...(timing === 'return'
        ? exits.map((exit) => ({ ...at(exit), condition: `${RECORDING}?.leave()` }))
        : []),
      ...throws.map((place) => ({ ...at(place), condition: throwing(source, place) })),
    ],
    notes: notesOf(timing, kind),
  };
}

interface Place extends BreakLocation {
  readonly offset: number;
}

const at = ({ lineNumber, columnNumber }: Position): Position => ({ lineNumber, columnNumber });

/** `x` of `for (const x of list)` is assigned before each turn; the list is evaluated once. */
function isIteration(
  text: string,
  { offset, type }: Pick<Place, 'offset'> & { readonly type: string | undefined },
  hasNext: boolean,
): boolean {
  return (
    hasNext &&
    type === 'call' &&
    /\bfor\s*(?:await\s*)?\(\s*(?:const|let|var)?\s*$/.test(text.slice(Math.max(0, offset - 40), offset))
  );
}

const isThrow = ({ text }: SourceText, { offset, type }: Place): boolean =>
  type === undefined && THROW.test(text.slice(offset, offset + 200));

function throwing({ text }: SourceText, { offset, lineNumber, columnNumber }: Place): string {
  const [, made, variable] = THROW.exec(text.slice(offset, offset + 200)) ?? [];
  const name = JSON.stringify(made ?? 'an error');
  const at = `{line:${lineNumber + 1},column:${columnNumber + 1}}`;
  return `${RECORDING}?.throwing(${name},${at}${variable === undefined ? '' : `,${variable}`})`;
}

function notesOf(timing: TracePlan['timing'], kind: TracePlan['kind']): readonly string[] {
  if (kind === 'generator') return ['durations and errors: a generator has none of its own'];
  if (timing === 'none')
    return ['durations and errors: an empty body, or an arrow function without braces, has no end to watch'];
  return timing === 'return'
    ? [
        'durations end at its return: a promise that it returns is not followed, for it is not an async function',
      ]
    : [];
}
