// A database that cannot be used is kept under another name, where SQLite still opens it; a few of them at most.
import { readdirSync, renameSync, statSync, unlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const MAX_KEPT = 5;
const SIDE_FILES = ['-wal', '-shm'] as const;

/**
 * @param inode of the file that was found unusable: another process may have put a new one in its place already.
 * @returns the new path; undefined when there was nothing (any more) to move.
 */
export function moveAside(path: string, inode: number | undefined, nowMs: number): string | undefined {
  if (inode === undefined || statSync(path, { throwIfNoEntry: false })?.ino !== inode) return undefined;
  const stem = join(dirname(path), asidePrefix(path));
  const time = new Date(nowMs).toISOString().replaceAll(/[:.]/g, '-');
  const target = `${stem}${time}-${process.pid}.db`;
  renameSync(path, target);
  for (const side of SIDE_FILES) quietly(() => renameSync(`${path}${side}`, `${target}${side}`));
  dropOldest(path);
  return target;
}

const asidePrefix = (path: string): string => `${basename(path, '.db')}-unreadable-`;

/** Their names hold the time, so that the oldest come first. */
function dropOldest(path: string): void {
  const directory = dirname(path);
  const kept = readdirSync(directory)
    .filter((name) => name.startsWith(asidePrefix(path)) && name.endsWith('.db'))
    .sort();
  for (const name of kept.slice(0, -MAX_KEPT))
    for (const side of ['', ...SIDE_FILES]) quietly(() => unlinkSync(join(directory, `${name}${side}`)));
}

function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // It is not there, or another process was faster.
  }
}
