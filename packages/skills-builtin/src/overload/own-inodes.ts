// Which sockets are of this process: the descriptors in /proc/self/fd name them by inode. Read synchronously, because
// libuv's threads may be what is full.
import { type Dir, opendirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** A link costs 3 us. Listening sockets are opened early, so they are among the first descriptors. */
const MAX_DESCRIPTORS = 4_096;

export interface OwnInodes {
  readonly inodes: ReadonlySet<number>;
  /** Not all descriptors were looked at. */
  readonly isPartial: boolean;
}

/** @param wanted ends the search when all of these are found; undefined where there is no such folder */
export function readOwnInodes(root: string, wanted?: ReadonlySet<number>): OwnInodes | undefined {
  let folder: Dir;
  try {
    folder = opendirSync(join(root, 'proc/self/fd'));
  } catch {
    return undefined;
  }
  try {
    return inodesIn(folder, wanted);
  } finally {
    folder.closeSync();
  }
}

function inodesIn(folder: Dir, wanted: ReadonlySet<number> | undefined): OwnInodes {
  const inodes = new Set<number>();
  let missing = wanted?.size ?? Number.POSITIVE_INFINITY;
  for (let seen = 0; missing > 0; seen += 1) {
    const entry = folder.readSync();
    if (entry === null) break;
    if (seen >= MAX_DESCRIPTORS) return { inodes, isPartial: true };
    const inode = socketAt(join(folder.path, entry.name));
    if (inode === undefined) continue;
    inodes.add(inode);
    if (wanted?.has(inode) === true) missing -= 1;
  }
  return { inodes, isPartial: false };
}

function socketAt(path: string): number | undefined {
  try {
    const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(path))?.[1];
    return inode === undefined ? undefined : Number(inode);
  } catch {
    return undefined;
  }
}
