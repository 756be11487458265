// The sources of the app as they are on the disk, each read once per question. Bounded: what is larger is a bundle or
// data. A source that is not there (a source map that names it from another machine) is unknown, not an error.
import { readFileSync, statSync } from 'node:fs';
import { type Source, sourceOf } from './source-text.ts';

const MAX_BYTES = 300_000;
const MAX_FILES = 40;

export interface SourceFiles {
  read(file: string): Promise<Source | undefined>;
}

export function createSourceFiles(): SourceFiles {
  const known = new Map<string, Source | undefined>();
  return {
    async read(file) {
      if (known.has(file)) return known.get(file);
      if (known.size >= MAX_FILES || !file.startsWith('/')) return undefined;
      const source = await load(file);
      known.set(file, source);
      return source;
    },
  };
}

async function load(file: string): Promise<Source | undefined> {
  try {
    const { size } = statSync(file);
    return size > MAX_BYTES ? undefined : sourceOf(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
