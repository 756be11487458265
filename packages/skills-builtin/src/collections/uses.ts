// Who fills and who empties a collection, by what the texts of the app's functions say: the name of the variable
// followed by `.set(`, `.push(`, `[…] =`, or by `.delete(`, `.clear(`, `.shift(`; of an emitter, by `.on('event'`. It
// costs main 5 us per function.
import type { CodeLocation, JsonObject } from '@nodelens/core';
import { FIND_USES } from './main-side.ts';
import type { Handle, Remote, ScriptPosition } from './remote.ts';
import type { Found, FoundFunction, HeldPromise } from './walk.ts';

export interface Uses {
  /** Line is that of the call which adds. */
  readonly filledBy: readonly JsonObject[];
  readonly emptiedBy: readonly JsonObject[];
  /** Where its size is compared with a bound. */
  readonly boundedBy: readonly JsonObject[];
}

export interface UsesOptions {
  readonly remote: Remote;
  readonly helper: Handle;
  readonly functions: readonly FoundFunction[];
  locate(position: ScriptPosition): Promise<CodeLocation | undefined>;
}

/** kind, newlines before, column in its line, characters since the first parenthesis, length of the function's text */
type RawUse = readonly [
  kind: 'fill' | 'empty' | 'bound',
  lines: number,
  column: number,
  sinceParen: number,
  length: number,
];

interface Use {
  readonly kind: 'fill' | 'empty' | 'bound';
  readonly owner: FoundFunction;
  readonly position: ScriptPosition;
  readonly ownerLength: number;
}

/** A slice of main below a few ms, also when the functions are long. */
const BATCH = 100;

export async function usesOf(found: Found, options: UsesOptions): Promise<Uses> {
  const names = found.name.split('.').filter((part) => part !== 'globalThis');
  const uses = await placesUsing(found, names, options);
  return {
    filledBy: await placesOf(uses, 'fill', options),
    emptiedBy: await placesOf(uses, 'empty', options),
    boundedBy: await placesOf(uses, 'bound', options),
  };
}

/** Where others are raced against a promise. */
export async function racesOf(
  { name, file }: HeldPromise,
  options: UsesOptions,
): Promise<readonly JsonObject[]> {
  const names = name.split('.');
  const near = options.functions.filter((one) => one.file === file);
  const functions = names.length > 1 ? options.functions : near;
  return placesOf(
    await search({ name: names.at(-1) ?? '', isRaced: true }, functions, options),
    'fill',
    options,
  );
}

async function placesUsing(
  { file, kind }: Found,
  names: readonly string[],
  options: UsesOptions,
): Promise<readonly Use[]> {
  const emitter = names[names.indexOf(LISTENERS) - 1];
  if (kind === 'AbortSignal')
    return search({ name: names.at(-1) ?? '', event: 'abort' }, options.functions, options);
  // `emitter.on('event', …)` fills `emitter._events.event`.
  if (emitter !== undefined)
    return search({ name: emitter, event: names.at(-1) ?? '' }, options.functions, options);
  // A variable is used in its own file only; a field, and what others export, anywhere.
  const near = options.functions.filter((one) => one.file === file);
  const uses = await search(
    { name: names.at(-1) ?? '' },
    names.length > 1 ? options.functions : near,
    options,
  );
  // `cache.set(key)` of a cache whose class keeps a Map inside.
  const outer = names.length > 1 ? await search({ name: names[0] ?? '' }, near, options) : [];
  return [...uses, ...outer];
}

/** The field of an EventEmitter that holds the listeners by event. */
const LISTENERS = '_events';

async function search(
  wanted: { readonly name: string; readonly event?: string; readonly isRaced?: boolean },
  functions: readonly FoundFunction[],
  { remote, helper }: UsesOptions,
): Promise<readonly Use[]> {
  if (wanted.name === '') return [];
  const uses: Use[] = [];
  for (let from = 0; from < functions.length; from += BATCH) {
    const batch = functions.slice(from, from + BATCH);
    const handles = batch.map(({ handle }) => handle);
    const raw = (await remote.call(helper, FIND_USES, [
      wanted,
      ...handles,
    ])) as unknown as readonly RawUse[][];
    uses.push(...batch.flatMap((owner, index) => (raw[index] ?? []).map((use) => useOf(owner, use))));
  }
  return uses.filter((use) => !uses.some((other) => isInside(other, use)));
}

function useOf(owner: FoundFunction, [kind, lines, column, sinceParen, ownerLength]: RawUse): Use {
  const { scriptId, line } = owner.position;
  // V8 places a function at its first parenthesis.
  const position =
    lines === 0
      ? { scriptId, line, column: owner.position.column + sinceParen }
      : { scriptId, line: line + lines, column };
  return { kind, owner, position, ownerLength };
}

/** The same use, seen in the text of a function inside. */
const isInside = (other: Use, use: Use): boolean =>
  other !== use &&
  other.position.scriptId === use.position.scriptId &&
  other.position.line === use.position.line &&
  other.kind === use.kind &&
  other.ownerLength < use.ownerLength;

async function placesOf(
  uses: readonly Use[],
  kind: Use['kind'],
  { locate }: UsesOptions,
): Promise<readonly JsonObject[]> {
  const places = new Map<string, JsonObject>();
  // The app's own code is where something can be changed.
  for (const use of uses.toSorted((a, b) => Number(isDependency(a)) - Number(isDependency(b)))) {
    if (use.kind !== kind) continue;
    const place = await locate(use.position);
    const file = place?.file ?? use.owner.file;
    const line = place?.line ?? use.position.line + 1;
    places.set(`${file}:${line}`, { name: use.owner.name, file, line });
  }
  return [...places.values()].slice(0, 5);
}

const isDependency = ({ owner }: Use): boolean => owner.rank === 'dependency';
