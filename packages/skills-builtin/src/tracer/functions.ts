// The functions that main knows of, by name and place, without the Debugger domain: from a best-effort coverage
// listing, which costs main 5 ms and 0.3 ms for each MB of heap (measured up to 300 MB).

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { JsonObject, RecorderContext } from '@nodelens/core';
import { isOwnCode } from '../own-code.ts';

/** A function of the running code. */
export interface ListedFunction {
  /** As V8 infers it: `load`, `get size`, `#step`, `exports.handler`. */
  readonly name: string;
  readonly scriptId: string;
  /** Of its script. */
  readonly url: string;
  /** Offsets in the source of its script. */
  readonly from: number;
  readonly to: number;
  /** Whether it is known to have been called; V8 may have forgotten. */
  readonly hasRun: boolean;
}

export interface FunctionList {
  readonly functions: readonly ListedFunction[];
  readonly scripts: number;
}

/** A listing is used again for so long, in ms: two callbacks in a row should cost main one. */
const FRESH_MS = 30_000;
const MAX_FUNCTIONS = 100_000;

/**
 * A function that lists; with `isFresh` main is asked whatever the age of what is known. V8 leaves out what has not run
 * for a while, so what was listed once stays.
 */
export function createFunctionList({
  inspector,
  now,
}: Pick<RecorderContext, 'inspector' | 'now'>): (isFresh: boolean) => Promise<FunctionList> {
  const functions = new Map<string, ListedFunction>();
  let known: { readonly list: FunctionList; readonly atMs: number } | undefined;
  return async (isFresh) => {
    if (known !== undefined && !isFresh && now() - known.atMs < FRESH_MS) return known.list;
    const { result } = await inspector.post('Profiler.getBestEffortCoverage', {}, { timeoutMs: 5_000 });
    const scripts = result as unknown as readonly ScriptCoverage[];
    if (functions.size > MAX_FUNCTIONS) functions.clear();
    for (const one of readListing(scripts)) {
      const key = `${one.scriptId}:${one.from}:${one.to}`;
      functions.set(key, { ...one, hasRun: one.hasRun || functions.get(key)?.hasRun === true });
    }
    known = { list: { functions: [...functions.values()], scripts: scripts.length }, atMs: now() };
    return known.list;
  };
}

interface ScriptCoverage {
  readonly scriptId: string;
  readonly url: string;
  readonly functions: readonly {
    readonly functionName: string;
    readonly ranges: readonly {
      readonly startOffset: number;
      readonly endOffset: number;
      readonly count: number;
    }[];
  }[];
}

function readListing(scripts: readonly ScriptCoverage[]): readonly ListedFunction[] {
  return (
    scripts
      .filter(({ url }) => url !== '' && !url.startsWith('node:') && !isOwnCode(url))
      .flatMap(({ scriptId, url, functions: listed }) =>
        listed.map(({ functionName, ranges: [range] }) => ({
          name: functionName,
          scriptId,
          url,
          from: range?.startOffset ?? 0,
          to: range?.endOffset ?? 0,
          hasRun: (range?.count ?? 0) > 0,
        })),
      )
      // The script itself begins at 0, too.
      .filter(({ name, from }) => name !== '' || from > 0)
      .slice(0, MAX_FUNCTIONS)
  );
}

/** 0-based, of an offset. */
export interface Position {
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** Lines of a source: offsets to positions, and back. */
export interface SourceText {
  readonly text: string;
  positionOf(offset: number): Position;
  offsetOf(position: Position): number;
}

export function sourceText(text: string): SourceText {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return {
    text,
    positionOf(offset) {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle] as number) <= offset) low = middle;
        else high = middle - 1;
      }
      return { lineNumber: low, columnNumber: offset - (starts[low] as number) };
    },
    offsetOf: ({ lineNumber, columnNumber }) => (starts[lineNumber] ?? text.length) + columnNumber,
  };
}

/** The source as it is on the disk, which may be another than the one that runs; undefined where it is not there. */
export async function sourceOnDisk(url: string): Promise<SourceText | undefined> {
  try {
    return sourceText(readFileSync(url.startsWith('file:') ? fileURLToPath(url) : url, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The source that runs; the Debugger must be enabled. */
export async function runningSource(
  inspector: RecorderContext['inspector'],
  scriptId: string,
): Promise<SourceText> {
  const { scriptSource } = (await inspector.post('Debugger.getScriptSource', { scriptId })) as JsonObject;
  return sourceText(String(scriptSource ?? ''));
}
