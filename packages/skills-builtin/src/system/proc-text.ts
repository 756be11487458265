// The kernel's files as text, parsed. Pure; of a text that is missing or not as expected the result is undefined, so
// that every reader says "unknown" by the same means.

export type Pairs = { readonly [name: string]: number | undefined };

/** Lines of `name value` or `name: value kB` (cpu.stat, memory.stat, meminfo); further columns are left out. */
export function parsePairs(text: string | undefined): Pairs {
  const pairs: Record<string, number> = {};
  for (const [, name, value] of (text ?? '').matchAll(/^([^\s:]+):?[ \t]+(-?\d+)\b/gm))
    pairs[name as string] = Number(value);
  return pairs;
}

/** A file that holds one number; `max` and the like are none. */
export function parseNumber(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? '';
  return /^-?\d+$/.test(trimmed) ? Number(trimmed) : undefined;
}

/** Share of time in which some or all tasks stood still for want of a resource, as the kernel averages it. */
export interface Pressure {
  readonly some10sPercent: number;
  readonly some60sPercent: number;
  readonly full10sPercent: number;
  readonly full60sPercent: number;
}

export function parsePressure(text: string | undefined): Pressure | undefined {
  const average = (line: string, window: number): number | undefined => {
    const match = new RegExp(`^${line} .*?avg${window}=([\\d.]+)`, 'm').exec(text ?? '');
    return match === null ? undefined : Number(match[1]);
  };
  const some10sPercent = average('some', 10);
  if (some10sPercent === undefined) return undefined;
  return {
    some10sPercent,
    some60sPercent: average('some', 60) ?? 0,
    // Older kernels have no such line for the CPU.
    full10sPercent: average('full', 10) ?? 0,
    full60sPercent: average('full', 60) ?? 0,
  };
}

/** Counters of all CPUs together, in ticks since boot. */
export interface CpuTicks {
  /** How many CPUs the machine has. */
  readonly cpus: number;
  readonly total: number;
  /** What this machine's own tasks used. */
  readonly busy: number;
  /** What the hypervisor gave to other guests while this one wanted to run. */
  readonly steal: number;
}

export function parseCpuTicks(text: string | undefined): CpuTicks | undefined {
  const match = /^cpu +(.+)$/m.exec(text ?? '');
  if (match === null) return undefined;
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, softIrq = 0, steal = 0] = (
    match[1] as string
  )
    .split(/\s+/)
    .map(Number);
  const busy = user + nice + system + irq + softIrq;
  const cpus = (text ?? '').match(/^cpu\d/gm)?.length ?? 1;
  return { cpus, total: busy + idle + wait + steal, busy, steal };
}

/** How many CPUs a list such as `0-3,8` has. */
export function countCpuList(list: string | undefined): number | undefined {
  const ranges = (list?.trim() ?? '').split(',').filter((range) => /^\d+(-\d+)?$/.test(range));
  if (ranges.length === 0) return undefined;
  return ranges
    .map((range) => range.split('-').map(Number))
    .reduce((count, [first = 0, last = first]) => count + last - first + 1, 0);
}

export interface ProcessStat {
  readonly pid: number;
  /** At most 15 characters; the program may have set it. */
  readonly comm: string;
  readonly state: string;
  readonly parentPid: number;
  /** User and system, in ticks. */
  readonly cpuTicks: number;
  readonly threads: number;
  /** In ticks since boot; with the pid it tells a process from a later one. */
  readonly startTicks: number;
  readonly rssPages: number;
}

/** `/proc/<pid>/stat`. The name stands in brackets and may itself contain some. */
export function parseProcessStat(text: string | undefined): ProcessStat | undefined {
  const match = /^(\d+) \((.*)\) (\S) (.+)$/s.exec(text?.trim() ?? '');
  if (match === null) return undefined;
  const rest = (match[4] as string).split(' ').map(Number);
  return {
    pid: Number(match[1]),
    comm: match[2] as string,
    state: match[3] as string,
    parentPid: rest[0] ?? 0,
    cpuTicks: (rest[10] ?? 0) + (rest[11] ?? 0),
    threads: rest[16] ?? 1,
    startTicks: rest[18] ?? 0,
    rssPages: rest[20] ?? 0,
  };
}

export interface Mount {
  /** Which part of the file system is mounted. */
  readonly root: string;
  readonly path: string;
  /** `major:minor` */
  readonly device: string;
  readonly type: string;
  readonly isReadOnly: boolean;
  readonly superOptions: readonly string[];
}

/** `/proc/self/mountinfo` */
export function parseMounts(text: string | undefined): readonly Mount[] {
  return (text ?? '').split('\n').flatMap((line): Mount[] => {
    const [left = '', right] = line.split(' - ');
    if (right === undefined) return [];
    const [, , device = '', root = '', path = '', options = ''] = left.split(' ');
    const [type = '', , superOptions = ''] = right.split(' ');
    return [
      {
        root: unescapePath(root),
        path: unescapePath(path),
        device,
        type,
        isReadOnly: options.split(',').includes('ro'),
        superOptions: superOptions.split(','),
      },
    ];
  });
}

const unescapePath = (path: string): string =>
  path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
