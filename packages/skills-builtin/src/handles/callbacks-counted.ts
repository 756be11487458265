// What scripts may ask of what main merely counts: timers and file watchers, and how they grow.
import type { JsonObject, Skill } from '@nodelens/core';
import { slopePerMinute, steadyGrowth } from './growth.ts';
import { pointsOf } from './history.ts';
import type { MainCounts } from './main-counts.ts';
import type { Sources } from './sources.ts';

const MINUTE_MS = 60_000;

export const countedCallbacks = (sources: Sources): Skill['callbacks'] => ({
  handles_timers: {
    description:
      'Timers of main that keep it alive: how many now, growth per minute over the last 1, 5 and 15 minutes, and the steady growth if there is one (from, to, perMinute, windowSeconds). Who sets them: handles_watch_openings(seconds, "timers").',
    run: async () => {
      const latest = await sources.main.latest();
      return {
        timers: latest?.timers ?? null,
        immediates: latest?.byType.Immediate ?? null,
        ...growthOf(sources, ({ timers }) => timers),
      };
    },
  },
  handles_watchers: {
    description:
      'File watchers of main (fs.watch, fs.watchFile), which take no descriptor each: how many now, and their growth as of handles_timers. Who starts them: handles_watch_openings(seconds, "watchers").',
    run: async () => ({
      watchers: (await sources.main.latest())?.watchers ?? null,
      ...growthOf(sources, ({ watchers }) => watchers),
    }),
  },
});

function growthOf({ main }: Sources, measure: (counts: MainCounts) => number): JsonObject {
  const points = pointsOf(main.counts(), measure);
  return {
    perMinute1m: slopePerMinute(points, MINUTE_MS),
    perMinute5m: slopePerMinute(points, 5 * MINUTE_MS),
    perMinute15m: slopePerMinute(points, 15 * MINUTE_MS),
    steadyGrowth: { ...steadyGrowth(points) } as JsonObject,
  };
}
