// Reads what /proc tells of this process's descriptors, on the recorder thread: a bounded sample of the links, the
// socket tables up to a size. Synchronously: such a read takes microseconds and needs none of libuv's threads.
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync, statSync } from 'node:fs';
import { type Descriptor, descriptorOf } from './descriptors.ts';

/** A link takes 3 to 10 us. */
const MAX_LINKS = 512;
/** About 27,000 connections. */
const MAX_TABLE_BYTES = 4 * 1_048_576;

export interface Descriptors {
  readonly open: number;
  /** Each of `sample` stands for so many. */
  readonly every: number;
  readonly sample: readonly Descriptor[];
}

export interface ProcReader {
  /**
   * Undefined where there is no /proc.
   * @param every so coarse a sample, that of an earlier reading to compare with
   */
  descriptors(every?: number): Descriptors | undefined;
  /** How many are open, in a few us; undefined where the kernel (before 6.2) does not tell. */
  quickCount(): number | undefined;
  /** Of both IP versions. */
  tcpTable(): string;
  unixTable(): string;
  /** Soft limit of open descriptors. */
  descriptorLimit(): number | undefined;
  /** Where the process reads or writes in a file next. */
  position(fd: number): number | undefined;
  /** How a file was opened: `read`, `write` or `read-write`. */
  mode(fd: number): string | undefined;
}

/** @param root folder of the process in /proc */
export function createProcReader(root = '/proc/self'): ProcReader {
  const info = (fd: number): string => textOf(`${root}/fdinfo/${fd}`);
  return {
    descriptors: (every) => readDescriptors(`${root}/fd`, every),
    quickCount() {
      try {
        return statSync(`${root}/fd`).size || undefined;
      } catch {
        return undefined;
      }
    },
    tcpTable: () => `${boundedText(`${root}/net/tcp`)}\n${boundedText(`${root}/net/tcp6`)}`,
    unixTable: () => boundedText(`${root}/net/unix`),
    descriptorLimit() {
      const soft = /^Max open files\s+(\d+)/m.exec(textOf(`${root}/limits`))?.[1];
      return soft === undefined ? undefined : Number(soft);
    },
    position(fd) {
      const at = /^pos:\s*(\d+)/m.exec(info(fd))?.[1];
      return at === undefined ? undefined : Number(at);
    },
    mode(fd) {
      const flags = /^flags:\s*([0-7]+)/m.exec(info(fd))?.[1];
      return flags === undefined ? undefined : ['read', 'write', 'read-write'][Number.parseInt(flags, 8) & 3];
    },
  };
}

function readDescriptors(folder: string, given?: number): Descriptors | undefined {
  let fds: number[];
  try {
    fds = readdirSync(folder).map(Number);
  } catch {
    return undefined;
  }
  const every = given ?? 2 ** Math.max(0, Math.ceil(Math.log2(fds.length / MAX_LINKS)));
  const sample = fds.filter((fd) => isSampled(fd, every)).flatMap((fd) => linkOf(folder, fd));
  // Without the one that the listing itself was read with.
  return { open: Math.max(0, fds.length - 1), every, sample };
}

/** The same ones each time, so that they can be compared, and spread evenly: what opens pairs must not mislead. */
const isSampled = (fd: number, every: number): boolean => (Math.imul(fd, 2_654_435_761) >>> 16) % every === 0;

function linkOf(folder: string, fd: number): readonly Descriptor[] {
  try {
    return [descriptorOf(fd, readlinkSync(`${folder}/${fd}`))];
  } catch {
    return [];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function boundedText(path: string): string {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return '';
  }
  try {
    return readUpTo(fd, MAX_TABLE_BYTES);
  } finally {
    closeSync(fd);
  }
}

/** The kernel gives such a table in pieces of a page. */
function readUpTo(fd: number, limit: number): string {
  const piece = Buffer.allocUnsafe(65_536);
  let text = '';
  for (let length = 1; length > 0 && text.length < limit; ) {
    length = readSync(fd, piece);
    text += piece.toString('latin1', 0, length);
  }
  return text;
}
