// What the machine tells of itself: one reading of /proc, and of Node where there is no /proc.
import { availableParallelism, freemem, loadavg, totalmem } from 'node:os';
import {
  type CpuTicks,
  countCpuList,
  type Pressure,
  parseCpuTicks,
  parseNumber,
  parsePairs,
  parsePressure,
} from './proc-text.ts';
import type { TextReader } from './text-reader.ts';

const KB_PER_MB = 1_024;
const BYTES_PER_MB = 1_048_576;

export interface HostReading {
  /** CPUs that the process may run on: its cpuset and affinity. */
  readonly allowedCpus: number;
  readonly ticks: CpuTicks | undefined;
  /** Runnable and uninterruptible tasks, averaged over a minute; undefined on Windows. */
  readonly load1m: number | undefined;
  readonly load5m: number | undefined;
  /** Counter: how long main could have run but had to wait for a core. */
  readonly mainWaitedMs: number | undefined;
  readonly totalMb: number;
  readonly availableMb: number;
  readonly swapTotalMb: number | undefined;
  readonly swapFreeMb: number | undefined;
  readonly cpuPressure: Pressure | undefined;
  readonly memoryPressure: Pressure | undefined;
  readonly ioPressure: Pressure | undefined;
  /** Who is killed first when memory runs out: 0 to 1,000 and more, the highest is. */
  readonly oomScore: number | undefined;
}

export function readHost(reader: TextReader): HostReading {
  const memory = parsePairs(reader.text('proc/meminfo'));
  const inMb = (kb: number | undefined): number | undefined =>
    kb === undefined ? undefined : kb / KB_PER_MB;
  const [load1m, load5m] = loads(reader);
  return {
    allowedCpus: allowedCpus(reader),
    ticks: parseCpuTicks(reader.text('proc/stat')),
    load1m,
    load5m,
    mainWaitedMs: mainWaitedMs(reader),
    totalMb: inMb(memory.MemTotal) ?? totalmem() / BYTES_PER_MB,
    availableMb: inMb(memory.MemAvailable ?? memory.MemFree) ?? freemem() / BYTES_PER_MB,
    swapTotalMb: inMb(memory.SwapTotal),
    swapFreeMb: inMb(memory.SwapFree),
    cpuPressure: parsePressure(reader.text('proc/pressure/cpu')),
    memoryPressure: parsePressure(reader.text('proc/pressure/memory')),
    ioPressure: parsePressure(reader.text('proc/pressure/io')),
    oomScore: parseNumber(reader.text('proc/self/oom_score')),
  };
}

function allowedCpus(reader: TextReader): number {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(reader.text('proc/self/status') ?? '')?.[1];
  return countCpuList(list) ?? availableParallelism();
}

function loads(reader: TextReader): readonly (number | undefined)[] {
  const text = reader.text('proc/loadavg');
  if (text !== undefined) return text.split(' ').slice(0, 2).map(Number);
  // Windows has no load average, and Node tells 0.
  return process.platform === 'win32' ? [] : loadavg().slice(0, 2);
}

/** `/proc/self` is main, also when another thread reads it. */
function mainWaitedMs(reader: TextReader): number | undefined {
  const waitedNs = reader.text('proc/self/schedstat')?.split(' ')[1];
  return waitedNs === undefined ? undefined : Number(waitedNs) / 1_000_000;
}
