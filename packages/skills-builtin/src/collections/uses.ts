// Who fills and who empties a collection, by what the texts of the app's functions say: the name of the variable
// followed by `.set(`, `.push(`, `[…] =`, or by `.delete(`, `.clear(`, `.shift(`. It costs main 5 us per function.
import type { CodeLocation, JsonObject } from '@nodelens/core';
import { FIND_USES } from './main-side.ts';
import type { Handle, Remote, ScriptPosition } from './remote.ts';
import type { Found, FoundFunction } from './walk.ts';

export interface Uses {
  /** Line is that of the call which adds. */
  readonly filledBy: readonly JsonObject[];
  readonly emptiedBy: readonly JsonObject[];
}

export interface UsesOptions {
  readonly remote: Remote;
  readonly helper: Handle;
  readonly functions: readonly FoundFunction[];
  locate(position: ScriptPosition): Promise<CodeLocation | undefined>;
}

/** kind, newlines before, column in its line, characters since the first parenthesis, length of the function's text */
type RawUse = readonly [
  kind: 'fill' | 'empty',
  lines: number,
  column: number,
  sinceParen: number,
  length: number,
];

interface Use {
  readonly kind: 'fill' | 'empty';
  readonly owner: FoundFunction;
  readonly position: ScriptPosition;
  readonly ownerLength: number;
}

const BATCH = 200;

export async function usesOf(found: Found, options: UsesOptions): Promise<Uses> {
  const name = found.name.split('.').at(-1) ?? found.name;
  const near = options.functions.filter(({ file }) => file === found.file);
  // A field may be filled from any file; a variable only from its own.
  const searched = found.name.includes('.') || found.file === '' ? options.functions : near;
  const uses: Use[] = [];
  for (let from = 0; from < searched.length; from += BATCH) {
    const batch = searched.slice(from, from + BATCH);
    const raw = (await options.remote.call(options.helper, FIND_USES, [
      name,
      ...batch.map(({ handle }) => handle),
    ])) as unknown as readonly (readonly RawUse[])[];
    uses.push(...batch.flatMap((owner, index) => (raw[index] ?? []).map((use) => useOf(owner, use))));
  }
  const innermost = uses.filter((use) => !uses.some((other) => isInside(other, use)));
  return {
    filledBy: await placesOf(innermost, 'fill', options),
    emptiedBy: await placesOf(innermost, 'empty', options),
  };
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
  for (const use of uses) {
    if (use.kind !== kind) continue;
    const place = await locate(use.position);
    const file = place?.file ?? use.owner.file;
    const line = place?.line ?? use.position.line + 1;
    places.set(`${file}:${line}`, { name: use.owner.name, file, line });
  }
  return [...places.values()].slice(0, 5);
}
