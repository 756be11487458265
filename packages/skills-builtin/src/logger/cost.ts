// What logging costs main. What is measured around the writes leaves out how an app's own logging function makes the
// line; the kept CPU profile has that function, once the stacks of the lines have told which it is.
import type { JsonObject, ProfileView, RecorderContext } from '@nodelens/core';
import type { AppFrame } from '../app-frame.ts';
import { ownPercent, type Shares } from '../own-share.ts';
import { sum } from '../statistics.ts';
import { round } from '../wording.ts';
import type { CostlyWrites } from './costly-writes.ts';
import type { CounterHistory } from './counter-history.ts';
import { frequentPatterns, patternFigures, type View } from './figures.ts';
import { located, locatedPlace } from './located-place.ts';
import type { Origins } from './origins.ts';

/** A share of fewer samples is chance. */
const FEWEST_SAMPLES = 50;
const PLACES = 10;

export interface CostSources {
  readonly context: Pick<RecorderContext, 'locate' | 'profile'>;
  readonly counters: CounterHistory;
  readonly origins: Origins;
  readonly costly: CostlyWrites;
  readonly view: () => View;
}

export async function loggingCost(
  { context, counters, origins, view }: CostSources,
  windowMs: number,
  limit: number,
): Promise<JsonObject> {
  const rates = counters.rates(windowMs);
  const shares = { ranPercent: rates.mainRanPercent, waitedPercent: rates.mainWaitedPercent };
  const profile = await context.profile(windowMs);
  const now = view();
  const patterns = await Promise.all(
    frequentPatterns(now, { windowMs })
      .slice(0, limit)
      .map(async (found): Promise<JsonObject> => {
        const origin = origins.of(found.pattern.id);
        const through = origin?.through && (await located(context, origin.through));
        return {
          ...patternFigures(found, now.nowMs),
          place: await locatedPlace(context, origin?.place),
          through: await locatedPlace(context, origin?.through),
          throughMainPercent: through === undefined ? null : mainPercent(profile, through, shares),
        };
      }),
  );
  return {
    windowSeconds: rates.windowSeconds,
    linesPerSecond: rates.linesPerSecond,
    kbPerSecond: rates.kbPerSecond,
    writingSharePercent: rates.writingSharePercent,
    patterns,
  };
}

/** By place, most ms first. */
export function costlyWrites(
  { context, costly, origins, view }: CostSources,
  windowMs: number,
): Promise<readonly JsonObject[]> {
  const writes = costly.since(view().nowMs - windowMs).map((write) => ({
    ...write,
    place: origins.placeIn(write.stack),
  }));
  const groups = [...Map.groupBy(writes, ({ place }) => JSON.stringify(place ?? null)).values()];
  return Promise.all(
    groups
      .map((group) => ({ group, ms: sum(group.map(({ ms }) => ms)) }))
      .sort((a, b) => b.ms - a.ms)
      .slice(0, PLACES)
      .map(async ({ group, ms }) => ({
        place: await locatedPlace(context, group[0]?.place),
        writes: group.length,
        ms: round(ms),
        meanMs: round(ms / group.length),
        meanKb: round(sum(group.map(({ bytes }) => bytes)) / 1_024 / group.length),
      })),
  );
}

/** Of all samples, idle ones too: how much of its time, without its waits for a core, main spent in the function and what it calls. */
function mainPercent(
  { functions, samples, idleShare }: ProfileView,
  { name, file }: AppFrame,
  shares: Shares,
): number | null {
  if (samples < FEWEST_SAMPLES || name === '(anonymous)') return null;
  const found = functions.find((one) => one.file === file && lastPart(one.name) === name);
  return found === undefined ? 0 : round(ownPercent(100 * found.totalShare * (1 - idleShare), shares));
}

const lastPart = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
