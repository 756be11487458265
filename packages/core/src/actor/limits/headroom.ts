// How much more memory this process can take before the kernel kills somebody for it: the container's limit (cgroup v2
// and v1) and the machine's own. `process.availableMemory()` is not it: it counts every cached file as used, and a
// container that has read files for a day would have nothing left.
import { readFileSync } from 'node:fs';

/** MB that are left; infinite where nothing tells. */
export type Headroom = () => number;

/** The text of a file, or undefined. */
export type ReadFile = (path: string) => string | undefined;

const MB = 1_048_576;

interface MemoryFiles {
  readonly mount: string;
  readonly limit: string;
  readonly usage: string;
  /** Of the names in memory.stat: version 1 tells those with all cgroups below as well by `total_`. */
  readonly prefix: '' | 'total_';
  readonly mapped: string;
}

const V2: MemoryFiles = {
  mount: '/sys/fs/cgroup',
  limit: 'memory.max',
  usage: 'memory.current',
  prefix: '',
  mapped: 'file_mapped',
};
const V1: MemoryFiles = {
  mount: '/sys/fs/cgroup/memory',
  limit: 'memory.limit_in_bytes',
  usage: 'memory.usage_in_bytes',
  prefix: 'total_',
  mapped: 'mapped_file',
};

/** Synchronous, about 0.2 ms: while the app has libuv's threads full, an asynchronous reading would not come back. */
export function readHeadroomMb(read: ReadFile = readText): number {
  const groups = (read('/proc/self/cgroup') ?? '').split('\n').flatMap((line) => {
    const [, controllers, path] = /^\d+:([^:]*):(.+)$/.exec(line) ?? [];
    if (path === undefined) return [];
    if (controllers === '') return foldersOf(V2, path);
    return controllers?.split(',').includes('memory') ? foldersOf(V1, path) : [];
  });
  const left = groups.map(([files, folder]) => leftInGroup(read, files, folder));
  return Math.floor(Math.min(leftOnMachine(read), ...left) / MB);
}

/** The cgroup itself and all above it, for each may limit; a container may see only the mount of its own. */
function foldersOf(files: MemoryFiles, path: string): (readonly [MemoryFiles, string])[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '..');
  return [0, ...parts.keys().map((index) => index + 1)].map((depth) => [
    files,
    [files.mount, ...parts.slice(0, depth)].join('/'),
  ]);
}

function leftInGroup(read: ReadFile, { limit, usage, prefix, mapped }: MemoryFiles, folder: string): number {
  const limited = numberOf(read(`${folder}/${limit}`));
  const used = numberOf(read(`${folder}/${usage}`));
  if (limited === undefined || used === undefined) return Number.POSITIVE_INFINITY;
  const stat = read(`${folder}/memory.stat`);
  const [inactive = 0, active = 0, inUse = 0] = ['inactive_file', 'active_file', mapped].map((name) =>
    numberOf(new RegExp(`^${prefix}${name} (\\d+)$`, 'm').exec(stat ?? '')?.[1]),
  );
  // Files in the cache go before anybody is killed; those that are mapped are the code that runs.
  const droppable = Math.max(inactive, inactive + active - inUse);
  return Math.max(0, limited - Math.max(0, used - droppable));
}

function leftOnMachine(read: ReadFile): number {
  const text = read('/proc/meminfo') ?? '';
  const [available, swap = 0] = ['MemAvailable', 'SwapFree'].map((name) =>
    numberOf(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1]),
  );
  return available === undefined ? Number.POSITIVE_INFINITY : (available + swap) * 1_024;
}

/** `max` is none; version 1 writes its largest number for that, which is no limit either. */
function numberOf(text: string | undefined): number | undefined {
  const number = Number.parseInt(text ?? '', 10);
  return Number.isNaN(number) ? undefined : number;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
