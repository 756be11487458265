// What the cgroup grants and what of it is used: one reading of counters and limits, the same for both versions.
import type { CgroupPlace, Controller } from './cgroup-place.ts';
import { type Pairs, type Pressure, parseNumber, parsePairs, parsePressure } from './proc-text.ts';
import type { TextReader } from './text-reader.ts';

const BYTES_PER_MB = 1_048_576;

export interface CgroupCpu {
  /** Of the cgroup that binds first; without any limit its own. */
  readonly folder: string;
  /** CPUs that the quota grants. */
  readonly quotaCpus: number | undefined;
  /** Counters, of the cgroup whose quota is the smallest. */
  readonly periods: number | undefined;
  readonly throttledPeriods: number | undefined;
  /** Summed over its CPUs, so it may grow by more than a second per second. */
  readonly throttledMs: number | undefined;
  readonly usageMs: number | undefined;
  readonly pressure: Pressure | undefined;
}

export interface CgroupMemory {
  readonly folder: string;
  readonly limitMb: number | undefined;
  /** As the kubelet counts: usage without the file cache that can be dropped at once. */
  readonly workingSetMb: number | undefined;
  readonly usageMb: number | undefined;
  /** Counter: processes that were killed in it for want of memory. */
  readonly oomKills: number | undefined;
  readonly pressure: Pressure | undefined;
}

export interface CgroupReading {
  readonly cpu: CgroupCpu;
  readonly memory: CgroupMemory;
}

export const readCgroup = (reader: TextReader, place: CgroupPlace): CgroupReading => ({
  cpu: readCpu(reader, place),
  memory: readMemory(reader, place.memory),
});

function readCpu(reader: TextReader, { cpu, cpuacct }: CgroupPlace): CgroupCpu {
  const { folder, limit } = tightest(cpu.folders, (each) =>
    cpu.version === 2 ? quotaOf2(reader, each) : quotaOf1(reader, each),
  );
  const stat = parsePairs(reader.text(`${folder}/cpu.stat`));
  const usageNs = cpuacct.version === 1 ? firstNumber(reader, cpuacct.folders, 'cpuacct.usage') : undefined;
  return {
    folder,
    quotaCpus: limit,
    periods: stat.nr_periods,
    throttledPeriods: stat.nr_throttled,
    throttledMs: scaled(stat.throttled_usec, 1 / 1_000) ?? scaled(stat.throttled_time, 1 / 1_000_000),
    usageMs: scaled(stat.usage_usec, 1 / 1_000) ?? scaled(usageNs, 1 / 1_000_000),
    pressure: parsePressure(reader.text(`${folder}/cpu.pressure`)),
  };
}

/** `50000 100000` or `max 100000` */
function quotaOf2(reader: TextReader, folder: string): number | undefined {
  const [quota, period] = (reader.text(`${folder}/cpu.max`) ?? '').split(/\s+/);
  return quota === undefined || quota === '' || quota === 'max' ? undefined : Number(quota) / Number(period);
}

/** -1 stands for none. */
function quotaOf1(reader: TextReader, folder: string): number | undefined {
  const quotaUs = parseNumber(reader.text(`${folder}/cpu.cfs_quota_us`));
  const periodUs = parseNumber(reader.text(`${folder}/cpu.cfs_period_us`));
  return quotaUs === undefined || quotaUs <= 0 || periodUs === undefined ? undefined : quotaUs / periodUs;
}

/** The files of the two versions, by name. */
const MEMORY_FILES = {
  1: {
    limit: 'memory.limit_in_bytes',
    usage: 'memory.usage_in_bytes',
    events: 'memory.oom_control',
    cache: 'total_inactive_file',
  },
  2: { limit: 'memory.max', usage: 'memory.current', events: 'memory.events', cache: 'inactive_file' },
} as const;
/** Version 1 writes the largest number of pages for "no limit". */
const NO_LIMIT_BYTES = 2 ** 60;

function readMemory(reader: TextReader, { version, folders }: Controller): CgroupMemory {
  const files = MEMORY_FILES[version];
  const { folder, limit } = tightest(folders, (each) => {
    const bytes = parseNumber(reader.text(`${each}/${files.limit}`));
    return bytes === undefined || bytes >= NO_LIMIT_BYTES ? undefined : bytes;
  });
  const usage = parseNumber(reader.text(`${folder}/${files.usage}`));
  const stat: Pairs = usage === undefined ? {} : parsePairs(reader.text(`${folder}/memory.stat`));
  return {
    folder,
    limitMb: scaled(limit, 1 / BYTES_PER_MB),
    usageMb: scaled(usage, 1 / BYTES_PER_MB),
    workingSetMb:
      usage === undefined ? undefined : Math.max(0, usage - (stat[files.cache] ?? 0)) / BYTES_PER_MB,
    oomKills: parsePairs(reader.text(`${folder}/${files.events}`)).oom_kill,
    pressure: parsePressure(reader.text(`${folder}/memory.pressure`)),
  };
}

/** The folder that binds first, and its limit; without any limit the process's own. */
function tightest(
  folders: readonly string[],
  limitOf: (folder: string) => number | undefined,
): { readonly folder: string; readonly limit: number | undefined } {
  const [first] = folders
    .map((folder) => ({ folder, limit: limitOf(folder) }))
    .sort((a, b) => (a.limit ?? Number.POSITIVE_INFINITY) - (b.limit ?? Number.POSITIVE_INFINITY) || 0);
  return first ?? { folder: '', limit: undefined };
}

function firstNumber(reader: TextReader, folders: readonly string[], file: string): number | undefined {
  for (const folder of folders) {
    const value = parseNumber(reader.text(`${folder}/${file}`));
    if (value !== undefined) return value;
  }
  return undefined;
}

const scaled = (value: number | undefined, factor: number): number | undefined =>
  value === undefined ? undefined : value * factor;
