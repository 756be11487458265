// What a group of cases is: measured in turns by one process, or each case in a process of its own.

/** Figures by metric, each of one item. */
export type Figures = Readonly<Record<string, number>>;

export interface Case {
  readonly name: string;
  /** One measurement; what it leaves behind is cleared away before it resolves, outside of what it measures. */
  run(): Promise<Figures>;
}

export interface Group {
  readonly cases: readonly Case[];
  close(): Promise<void>;
}

/** Each module of groups/ exports one as `open`. */
export type OpenGroup = () => Promise<Group>;

/** Time of one of `count` items, by the clock and in CPU of all threads: `us`, `cpuUs`, and `ms`, `cpuMs`. */
export async function timeOf(work: () => Promise<unknown>, count = 1): Promise<Figures> {
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  await work();
  const ms = (performance.now() - startedAt) / count;
  const { user, system } = process.cpuUsage(cpuBefore);
  const cpuUs = (user + system) / count;
  return { ms, us: 1000 * ms, cpuUs, cpuMs: cpuUs / 1000 };
}
