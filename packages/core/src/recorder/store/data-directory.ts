// The folder where findings and the black box are kept over restarts, checked before anything is started with it.
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fail, reasonOf } from '../../errors.ts';

/**
 * Makes the folder (mode 0700) when it is not there; one that exists keeps its mode, the files in it are 0600.
 * @returns its absolute path: the app may change its working folder.
 * @throws NodelensError `option_invalid`
 */
export function ensureDataDirectory(directory: string): string {
  const path = resolve(directory);
  try {
    makeFolder(path);
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return path;
  } catch (error) {
    throw fail(
      'option_invalid',
      { option: 'dataDir', reason: `the folder "${path}" cannot be used: ${reasonOf(error)}` },
      { cause: error },
    );
  }
}

/** Level by level: where nothing can be made (`/proc`), Node's own recursive way goes round for ever. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process of the same service may have been quicker.
    if (!existsSync(path)) throw error;
  }
}
