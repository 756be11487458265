// What the kernel tells of the process's threads and children. Synchronously: such a file costs some 30 us, and
// libuv's threads, which the app may have filled, are not needed. Without /proc everything is empty.
import { parsePairs, parseProcessStat } from '../system/proc-text.ts';
import { processName } from '../system/process-name.ts';
import type { TextReader } from '../system/text-reader.ts';
import { round } from '../wording.ts';

/** USER_HZ: the same on every platform that Node runs on. */
const TICK_MS = 10;
const PAGE_MB = 4_096 / 1_048_576;
/** Of more, the oldest are told. */
export const MAX_CHILDREN = 256;
const MAX_THREADS = 256;
/** Threads that Node has for itself. */
const NODES_OWN = /^(?:V8Worker|v8:|DelayedTaskSche|SignalInspector|libuv-worker|node|MainThread)/;

export interface ThreadReading {
  readonly tid: number;
  readonly name: string;
  /** What it ran, and what it wanted to run, so far. */
  readonly ranMs: number;
  readonly wantedMs: number;
  readonly owner: 'main' | 'node' | 'nodelens' | 'app';
}

/** A thread of the app, and how often it has read and written so far: messages of other threads, files, sockets. */
export interface ThreadDeeds extends Omit<ThreadReading, 'owner'> {
  readonly reads: number;
  readonly writes: number;
}

export interface ChildReading {
  readonly pid: number;
  readonly state: string;
  readonly cpuMs: number;
  /** What its main thread ran and waited to run, so far. */
  readonly mainWantedMs: number;
  /** How often its main thread has read so far: from sockets, files, other threads; undefined where that may not be seen. */
  readonly mainReads: number | undefined;
  readonly rssMb: number;
  readonly threads: number;
  /** In ticks since boot; with the pid it tells a process from a later one. */
  readonly startTicks: number;
  /** What the kernel keeps of its name. */
  readonly comm: string;
}

export interface ChildName {
  readonly name: string;
  /** It is the process in which Nodelens runs a model's scripts. */
  readonly isNodelens: boolean;
}

export interface Kernel {
  readonly isThere: boolean;
  threads(): readonly ThreadReading[];
  /** Of the app's threads; empty where that may not be seen. */
  deeds(): readonly ThreadDeeds[];
  children(): readonly ChildReading[];
  /** Another file to read, so only for those that are told. */
  nameOf(child: ChildReading): ChildName;
  /** How many files and sockets a process has open; undefined where that may not be seen. */
  openFiles(pid: number): number | undefined;
}

export function createKernel(reader: TextReader, pid: number): Kernel {
  const task = `proc/${pid}/task`;
  const tids = (): readonly number[] => reader.names(task).slice(0, MAX_THREADS).map(Number);
  const threads = (): readonly ThreadReading[] =>
    tids().flatMap((tid) => {
      const name = reader.text(`${task}/${tid}/comm`)?.trim();
      const schedule = reader.text(`${task}/${tid}/schedstat`);
      return name === undefined || schedule === undefined
        ? []
        : [{ tid, name, ...ranOf(schedule), owner: ownerOf(name, tid === pid) }];
    });
  return {
    isThere: reader.text(`proc/${pid}/stat`) !== undefined,
    threads,
    deeds: () =>
      threads().flatMap(({ owner, ...thread }) => {
        if (owner !== 'app') return [];
        const { syscr, syscw } = parsePairs(reader.text(`${task}/${thread.tid}/io`));
        return syscr === undefined || syscw === undefined ? [] : [{ ...thread, reads: syscr, writes: syscw }];
      }),
    children: () =>
      tids()
        .flatMap((tid) => (reader.text(`${task}/${tid}/children`) ?? '').split(' '))
        .filter((child) => child.trim() !== '')
        .slice(0, MAX_CHILDREN)
        .flatMap((child) => readChild(reader, child.trim())),
    nameOf: ({ pid: child, comm }) => {
      const commandLine = reader.text(`proc/${child}/cmdline`);
      return {
        name: processName(commandLine, comm),
        isNodelens: /[\\/]entry[\\/]sandbox-process\.[jt]s\0/.test(commandLine ?? ''),
      };
    },
    openFiles: (child) => {
      const names = reader.names(`proc/${child}/fd`);
      return names.length === 0 ? undefined : names.length;
    },
  };
}

function ranOf(schedule: string): { readonly ranMs: number; readonly wantedMs: number } {
  const [ranNs = 0, queuedNs = 0] = schedule.split(' ').map(Number);
  return { ranMs: ranNs / 1e6, wantedMs: (ranNs + queuedNs) / 1e6 };
}

function ownerOf(name: string, isMain: boolean): ThreadReading['owner'] {
  if (isMain) return 'main';
  if (name.startsWith('nl:')) return 'nodelens';
  return NODES_OWN.test(name) ? 'node' : 'app';
}

function readChild(reader: TextReader, pid: string): readonly ChildReading[] {
  const stat = parseProcessStat(reader.text(`proc/${pid}/stat`));
  if (stat === undefined) return [];
  return [
    {
      pid: stat.pid,
      comm: stat.comm,
      state: stat.state,
      cpuMs: stat.cpuTicks * TICK_MS,
      mainWantedMs: ranOf(reader.text(`proc/${pid}/schedstat`) ?? '').wantedMs,
      mainReads: parsePairs(reader.text(`proc/${pid}/task/${pid}/io`)).syscr,
      rssMb: round(stat.rssPages * PAGE_MB),
      threads: stat.threads,
      startTicks: stat.startTicks,
    },
  ];
}
