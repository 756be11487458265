// What a synchronous call such as execFileSync waits for: the child processes that main has started since it last turned
// its loop and that still run. Read from /proc, a few small files; nothing where there is none.
import { parseProcessStat } from '../system/proc-text.ts';
import { processName } from '../system/process-name.ts';
import type { TextReader } from '../system/text-reader.ts';

export interface WaitedChild {
  readonly pid: number;
  /** Program and script, without arguments: they may hold secrets. */
  readonly name: string;
  readonly ageMs: number;
  /** Next to none in a long time: it waits itself. */
  readonly cpuMs: number;
  /** As the kernel writes it: R runs, S waits, D waits for a disk, Z has ended. */
  readonly state: string;
}

/** Clock ticks of /proc are 10 ms on every Linux that Node supports. */
const TICK_MS = 10;
/** A stall begins with the last beat, to a tick. */
const SLACK_MS = 50;
const MAX_CHILDREN = 5;

/** @param mainTid of the thread whose children they must be: those of Nodelens are other threads' */
export function childrenSince(
  { text }: TextReader,
  { mainTid, sinceMs }: { readonly mainTid: number; readonly sinceMs: number },
): readonly WaitedChild[] {
  const pids = (text(`proc/self/task/${mainTid}/children`) ?? '').trim().split(' ').filter(Boolean);
  const uptimeMs = Number.parseFloat(text('proc/uptime') ?? '') * 1_000;
  if (pids.length === 0 || !Number.isFinite(uptimeMs)) return [];
  return pids.slice(-MAX_CHILDREN).flatMap((pid) => {
    const stat = parseProcessStat(text(`proc/${pid}/stat`));
    if (stat === undefined) return [];
    const ageMs = Math.max(0, Math.round(uptimeMs - stat.startTicks * TICK_MS));
    if (ageMs > sinceMs + SLACK_MS) return [];
    const name = processName(text(`proc/${pid}/cmdline`), stat.comm);
    return [{ pid: stat.pid, name, ageMs, cpuMs: stat.cpuTicks * TICK_MS, state: stat.state }];
  });
}
