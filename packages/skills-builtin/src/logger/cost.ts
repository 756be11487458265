// What logging costs main. What is measured around the writes leaves out how an app's own logging function makes the
// line; the kept CPU profile has that function, once the stacks of the lines have told which it is.
import type { JsonObject, ProfileView, RecorderContext } from '@nodelens/core';
import type { AppFrame } from '../app-frame.ts';
import { round } from '../wording.ts';
import type { CounterHistory } from './counter-history.ts';
import { frequentPatterns, patternFigures, type View } from './figures.ts';
import type { Origins } from './origins.ts';

/** A share of fewer samples is chance. */
const FEWEST_SAMPLES = 50;

export interface CostSources {
  readonly context: Pick<RecorderContext, 'locate' | 'profile'>;
  readonly counters: CounterHistory;
  readonly origins: Origins;
  readonly view: () => View;
}

export async function loggingCost(
  { context, counters, origins, view }: CostSources,
  windowMs: number,
  limit: number,
): Promise<JsonObject> {
  const rates = counters.rates(windowMs);
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
          place: origin === undefined ? null : placeFigures(await located(context, origin.place)),
          through: through === undefined ? null : placeFigures(through),
          throughMainPercent: through === undefined ? null : mainPercent(profile, through),
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

/** Of all samples, idle ones too: how much of its time main spent in the function and what it calls. */
function mainPercent(
  { functions, samples, idleShare }: ProfileView,
  { name, file }: AppFrame,
): number | null {
  if (samples < FEWEST_SAMPLES || name === '(anonymous)') return null;
  const found = functions.find((one) => one.file === file && lastPart(one.name) === name);
  return found === undefined ? 0 : round(100 * found.totalShare * (1 - idleShare));
}

const placeFigures = ({ name, file, line }: AppFrame): JsonObject => ({ name, file, line });

const lastPart = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

async function located(context: Pick<RecorderContext, 'locate'>, frame: AppFrame): Promise<AppFrame> {
  try {
    const { name, file, line, column } = await context.locate(frame);
    return { name, file, line, column: column ?? frame.column };
  } catch {
    // Without its source map a frame is told as it runs.
    return frame;
  }
}
