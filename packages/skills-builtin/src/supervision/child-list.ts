// The child processes of the process, as the kernel shows them, with what main told of those that it started.
import type { JsonObject } from '@nodelens/core';
import type { ChildReading } from './kernel.ts';
import type { Life } from './life.ts';
import type { Locate, Sources } from './sources.ts';
import type { Reading, Watch } from './watch.ts';

const RATE_WINDOW_MS = 15_000;
/** Below it there is none that is so old. */
const SHORT_WINDOW_MS = 1_000;
const TOLD_ZOMBIES = 50;

/** The busiest first. */
export async function childrenNow(
  { watch, lives, context }: Sources,
  locate: Locate,
  limit: number,
): Promise<readonly JsonObject[]> {
  const now = watch.now();
  const rates = new Map([
    ...watch.childRates(now, SHORT_WINDOW_MS),
    ...watch.childRates(now, RATE_WINDOW_MS),
  ]);
  const known = livesByPid(lives.alive());
  const cpuOf = ({ pid }: ChildReading): number => rates.get(pid)?.cpuPercent ?? 0;
  const children = appChildren(watch, now, known).toSorted((a, b) => cpuOf(b) - cpuOf(a));
  return Promise.all(
    children.slice(0, limit).map(async (child) => {
      const life = known.get(child.pid);
      return {
        pid: child.pid,
        name: life?.name ?? watch.kernel.nameOf(child).name,
        kind: life?.kind ?? 'child',
        isKnown: life !== undefined,
        state: child.state,
        cpuPercent: rates.get(child.pid)?.cpuPercent ?? null,
        rssMb: child.rssMb,
        threads: child.threads,
        openFiles: watch.kernel.openFiles(child.pid) ?? null,
        ageMs: life === undefined ? null : Math.max(0, context.now() - life.startedAtMs),
        starter: await locate(life?.starter),
      };
    }),
  );
}

/** Without the one of Nodelens, which main did not start. */
export const appChildren = (
  { kernel }: Watch,
  { children }: Reading,
  known: ReadonlyMap<number, Life>,
): readonly ChildReading[] =>
  [...children.values()].filter((child) => known.has(child.pid) || !kernel.nameOf(child).isNodelens);

export const livesByPid = (alive: readonly Life[]): ReadonlyMap<number, Life> =>
  new Map(alive.flatMap((life) => (life.pid === undefined ? [] : [[life.pid, life] as const])));

export function zombiesNow({ watch, lives, context }: Sources): JsonObject {
  const known = livesByPid(lives.alive());
  return {
    zombies: watch
      .zombies(watch.now())
      .slice(0, TOLD_ZOMBIES)
      .map((zombie) => ({ ...zombie, isKnown: known.has(zombie.pid) })),
    mainBlockedMs: Math.round(context.currentStall()?.durationMs ?? 0),
    isInit: context.pid === 1,
  };
}
