// The functions of the app that do not give back on all of their ways what they take, with the places, by their source
// on the disk. Read synchronously: libuv's threads may be what is full. Bounded.
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { JsonObject, RecorderContext } from '@nodelens/core';
import { lineAt, type Source, sourceOf } from '../allocator/source-text.ts';
import { createFunctionList, type ListedFunction } from '../tracer/functions.ts';
import { takenIn } from './taken.ts';

const MAX_FILES = 200;
const MAX_BYTES = 300_000;
const MAX_FUNCTION_CHARS = 20_000;
const MAX_TOLD = 10;
const WORTH = /\.(?:acquire|checkout|checkOut|borrow|lease|lock|getConnection|connect|reserve)\s*\(/;

export type FindKeepers = () => Promise<readonly JsonObject[]>;

export function createKeepers(context: Pick<RecorderContext, 'inspector' | 'now'>): FindKeepers {
  const list = createFunctionList(context);
  return async () => {
    const { functions } = await list(false);
    const byFile = Map.groupBy(
      functions.filter(({ url }) => url.startsWith('file:') && !/\/node_modules\//.test(url)),
      ({ url }) => url,
    );
    return [...byFile].slice(0, MAX_FILES).flatMap(keepersIn).slice(0, MAX_TOLD);
  };
}

function keepersIn([url, functions]: readonly [string, readonly ListedFunction[]]): readonly JsonObject[] {
  const file = fileURLToPath(url);
  const source = sourceIn(file);
  if (source === undefined || !WORTH.test(source.code)) return [];
  return functions
    .map((one) => keeperOf(one, functions, source, file))
    .filter((keeper) => keeper !== undefined);
}

function keeperOf(
  { name, from, to }: ListedFunction,
  all: readonly ListedFunction[],
  source: Source,
  file: string,
): JsonObject | undefined {
  if (name === '' || to - from > MAX_FUNCTION_CHARS) return undefined;
  const inner = all
    .filter((other) => other.from > from && other.to < to)
    .map((other) => ({ from: other.from - from, to: other.to - from }));
  const taken = takenIn(source.code.slice(from, to), inner);
  if (taken === undefined) return undefined;
  return {
    name,
    file,
    line: lineAt(source, from),
    takes: taken.what,
    takesAtLine: lineAt(source, from + taken.takenAt),
    leavesAtLine: lineAt(source, from + taken.leftAt),
  };
}

function sourceIn(file: string): Source | undefined {
  try {
    return statSync(file).size > MAX_BYTES ? undefined : sourceOf(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
