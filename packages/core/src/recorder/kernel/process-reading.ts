// What Linux tells about a process beside this one; undefined elsewhere, and when it is gone.
import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';

export interface ProcessReading {
  /** Wall-clock ms. */
  readonly startedAtMs: number;
  /** CPU of all its threads so far, in ms. */
  readonly cpuMs: number;
  readonly rssMb: number;
}

/** Clock ticks of /proc are 10 ms on every Linux that Node supports. */
const TICK_MS = 10;

export function readProcess(pid: number): ProcessReading | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const rssKb = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    // The name is in parentheses and may contain anything, even spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return {
      startedAtMs: Math.round(Date.now() - uptime() * 1_000 + Number(fields[19]) * TICK_MS),
      cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
      rssMb: Math.round(Number(rssKb ?? 0) / 102.4) / 10,
    };
  } catch {
    return undefined;
  }
}
