// What a descriptor's link in /proc/self/fd tells: its kind, and the pattern that its path is counted under. Pure.

export const FD_KINDS = ['file', 'socket', 'pipe', 'device', 'other'] as const;

/** `file` is any path of a file system, folders too. */
export type FdKind = (typeof FD_KINDS)[number];

export interface Descriptor {
  readonly fd: number;
  readonly kind: FdKind;
  /** Path, or what the kernel calls it (`socket:[4711]`). */
  readonly target: string;
  /** Of a socket. */
  readonly inode?: string;
  /** The file has no name any more: its space is freed when it is closed. */
  readonly isDeleted: boolean;
}

const DELETED = ' (deleted)';

export function descriptorOf(fd: number, link: string): Descriptor {
  const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1];
  if (inode !== undefined) return { fd, kind: 'socket', target: link, inode, isDeleted: false };
  const isDeleted = link.startsWith('/') && link.endsWith(DELETED);
  const target = isDeleted ? link.slice(0, -DELETED.length) : link;
  return { fd, kind: kindOf(target), target, isDeleted };
}

function kindOf(target: string): FdKind {
  if (target.startsWith('pipe:')) return 'pipe';
  if (!target.startsWith('/') || target.startsWith('/memfd:')) return 'other';
  if (target.startsWith('/dev/')) return target.startsWith('/dev/shm/') ? 'file' : 'device';
  return /^\/(proc|sys)\//.test(target) ? 'other' : 'file';
}

const MAX_CHARS = 200;

/** Of names that differ by a number, an id or mkdtemp's random end, one pattern: `/tmp/upload-*.part`. */
export const pathPattern = (path: string): string =>
  path.split('/').map(segmentPattern).join('/').slice(0, MAX_CHARS);

const segmentPattern = (segment: string): string =>
  segment
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '*')
    .replace(/\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b/gi, '*')
    .replace(/\d+/g, '*')
    // mkdtemp's six random characters; after the step before some may be stars.
    .replace(/([-_.])(?=[^.-]*[A-Z*])[A-Za-z*]{1,6}$/, '$1*')
    .replace(/\*+/g, '*');

/** So many names of one folder and ending are counted as one. */
const NAMES_OF_ONE_FOLDER = 5;

/** Counts by pattern, most first; where a folder holds many names of one ending they are `folder/*.ending`. */
export function countPatterns(paths: readonly string[]): ReadonlyMap<string, number> {
  const counts = countBy(paths.map(pathPattern));
  const folders = Map.groupBy(counts.keys(), folderPattern);
  const merged = new Map<string, number>();
  for (const [pattern, count] of counts) {
    const folder = folderPattern(pattern);
    const key = (folders.get(folder)?.length ?? 0) >= NAMES_OF_ONE_FOLDER ? folder : pattern;
    merged.set(key, (merged.get(key) ?? 0) + count);
  }
  return new Map([...merged].sort((a, b) => b[1] - a[1]));
}

/** Whether a path is counted under the pattern. */
export function isOfPattern(path: string, pattern: string): boolean {
  const own = pathPattern(path);
  return own === pattern || folderPattern(own) === pattern;
}

function folderPattern(pattern: string): string {
  const slash = pattern.lastIndexOf('/');
  const dot = pattern.lastIndexOf('.');
  return `${pattern.slice(0, slash + 1)}*${dot > slash + 1 ? pattern.slice(dot) : ''}`;
}

function countBy(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
