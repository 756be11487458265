// Reads /proc/self/smaps piece by piece: the kernel walks all pages for it (some 10 ms per GB), and the recorder's
// loop must turn meanwhile. Bounded in time and in mappings.
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { reasonOf } from '@nodelens/core';
import { round } from '../wording.ts';
import { createMappingsParser, type MappingFigures, mappingFigures } from './mappings.ts';

const MAX_MAPPINGS = 20_000;

export interface MappingsReading {
  readonly atMs: number;
  readonly figures: MappingFigures;
  /** False when it was cut in time or number; what is there is right, but more exists. */
  readonly isComplete: boolean;
  /** Of the whole process, from smaps_rollup: memory that is shared with others counts in part. */
  readonly proportionalMb: number | undefined;
}

/** The reading, or by name why there is none. */
export async function readMappings(
  atMs: number,
  signal: AbortSignal,
): Promise<MappingsReading | { readonly unavailable: string }> {
  const parser = createMappingsParser(MAX_MAPPINGS);
  const input = createReadStream('/proc/self/smaps', { encoding: 'utf8', signal });
  let isComplete = true;
  try {
    let rest = '';
    for await (const chunk of input) {
      const lines = `${rest}${chunk}`.split('\n');
      rest = lines.pop() ?? '';
      isComplete = lines.every((line) => parser.add(line));
      if (!isComplete) break;
    }
  } catch (error) {
    if (parser.mappings.length === 0) return { unavailable: `/proc/self/smaps: ${reasonOf(error)}` };
    isComplete = false;
  } finally {
    input.destroy();
  }
  return {
    atMs,
    figures: mappingFigures(parser.mappings),
    isComplete,
    proportionalMb: await readProportionalMb(),
  };
}

async function readProportionalMb(): Promise<number | undefined> {
  const text = await readFile('/proc/self/smaps_rollup', 'utf8').catch(() => '');
  const kb = /^Pss:\s+(\d+) kB/m.exec(text)?.[1];
  return kb === undefined ? undefined : round(Number(kb) / 1024);
}
