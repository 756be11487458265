// Where control sockets live: `<pid>.sock` in a folder that only this user can enter. Server and client look in the
// same folders, so that they meet even when their environments differ.
import { chmodSync, lstatSync, mkdirSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fail, reasonOf } from '../../errors.ts';

/** The path in a `sockaddr_un` is 108 bytes on Linux and 104 elsewhere, with its closing zero. */
const maxPathBytes = process.platform === 'linux' ? 107 : 103;

type Environment = { readonly [name: string]: string | undefined };

/** Folders in which the socket of this user's process may lie, in the order in which a server tries them. */
export function controlDirectories(env: Environment = process.env): readonly string[] {
  if (env.NODELENS_RUNTIME_DIR) return [resolve(env.NODELENS_RUNTIME_DIR)];
  const uid = process.getuid?.() ?? 0;
  const runtimeDirectory = env.XDG_RUNTIME_DIR ? [join(resolve(env.XDG_RUNTIME_DIR), 'nodelens')] : [];
  return [...runtimeDirectory, join(env.TMPDIR ? resolve(env.TMPDIR) : tmpdir(), `nodelens-${uid}`)];
}

/** @throws NodelensError `option_invalid` when the path is longer than the system allows. */
export function controlSocketPath(directory: string, pid: number): string {
  const path = join(directory, `${pid}.sock`);
  const bytes = Buffer.byteLength(path);
  if (bytes > maxPathBytes)
    throw invalid(
      `the socket path "${path}" has ${bytes} bytes, the system allows ${maxPathBytes}; choose a shorter folder.`,
    );
  return path;
}

/**
 * Makes the folder with mode 0700, or checks the one that exists.
 * @throws NodelensError `option_invalid` when it belongs to someone else, is no folder or cannot be made.
 */
export function ensureControlDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const found = lstatSync(directory);
    if (!found.isDirectory()) throw invalid(`"${directory}" is not a folder.`);
    const uid = process.getuid?.() ?? found.uid;
    if (found.uid !== uid) throw invalid(`"${directory}" belongs to user ${found.uid}, not to ${uid}.`);
    if ((found.mode & 0o077) !== 0) chmodSync(directory, 0o700);
  } catch (error) {
    if ((error as { code?: string }).code === 'option_invalid') throw error;
    throw invalid(`"${directory}" cannot be used: ${reasonOf(error)}`, error);
  }
}

/** The first folder that can be used. @throws NodelensError `option_invalid` with the reason of the last one. */
export function chooseControlDirectory(env: Environment = process.env): string {
  let reason: unknown;
  for (const directory of controlDirectories(env)) {
    try {
      ensureControlDirectory(directory);
      return directory;
    } catch (error) {
      reason = error;
    }
  }
  throw reason;
}

/** For main's `exit` listener: the recorder may not get a chance to unlink its socket. Never throws. */
export function removeSocketFileSync(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Gone already, or not ours to remove: at exit there is nobody to tell.
  }
}

function invalid(reason: string, cause?: unknown): Error {
  return fail('option_invalid', { option: 'NODELENS_RUNTIME_DIR', reason }, { cause });
}
