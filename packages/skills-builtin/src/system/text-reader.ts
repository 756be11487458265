// How the kernel's files are read: below a root, so that another machine can be shown by a folder. Synchronously,
// because such a file costs some 30 us and libuv's threads, which the app may have filled, are not needed.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TextReader {
  /** Undefined when there is no such file, or it may not be read. */
  text(path: string): string | undefined;
  names(folder: string): readonly string[];
}

export function createTextReader(root: string): TextReader {
  return {
    text(path) {
      try {
        return readFileSync(join(root, path), 'utf8');
      } catch {
        return undefined;
      }
    },
    names(folder) {
      try {
        return readdirSync(join(root, folder));
      } catch {
        return [];
      }
    },
  };
}
