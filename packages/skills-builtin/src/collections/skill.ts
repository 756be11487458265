// The skill `collections` on the recorder thread. Its snapshot reads the rings and the last survey; main is asked
// only by callbacks.
import type { JsonObject, RecorderContext, Skill } from '@nodelens/core';
import { heapLimitReader } from '../heap-limit.ts';
import { mean } from '../statistics.ts';
import { round } from '../wording.ts';
import { collectionsCallbacks } from './callbacks.ts';
import { heapFloor, risenWithoutFloor, samplesSinceStart } from './floor.ts';
import { createGrowthHistory } from './growth-history.ts';
import { createHeapView } from './heap-view.ts';
import { collectionsChecks, collectionsKeywords, collectionsPrompt } from './knowledge.ts';
import { createRegistry } from './registry.ts';
import type { Survey } from './survey.ts';

export function createCollectionsSkill(context: RecorderContext): Skill {
  let last: Survey | undefined;
  const readHeapLimit = heapLimitReader(context);
  const registry = createRegistry(context.inspector);
  const history = createGrowthHistory(context, registry);
  return {
    id: 'collections',
    title: 'Collections in memory',
    description:
      'Maps, Sets, arrays and buffers on the heap: memory leaks and caches that never evict; names the variable, its file and the function that fills it',
    systemPrompt: collectionsPrompt,
    keywords: collectionsKeywords,
    snapshot: async () => snapshotOf(context, last, await readHeapLimit()),
    callbacks: collectionsCallbacks({
      context,
      history,
      heap: createHeapView({ context, registry, history }),
      readHeapLimit,
      remember(survey) {
        last = survey;
      },
    }),
    checks: collectionsChecks,
  };
}

function snapshotOf(
  context: RecorderContext,
  last: Survey | undefined,
  heapLimitMb: number | undefined,
): JsonObject {
  const samples = samplesSinceStart(context);
  const trend = heapFloor(context);
  const external = samples.map(({ externalMb }) => externalMb);
  const part = Math.ceil(external.length / 4);
  const fastest = last?.collections.toSorted((a, b) => b.entriesPerMinute - a.entriesPerMinute)[0];
  const largest = last?.collections.toSorted((a, b) => b.entries - a.entries)[0];
  return {
    heapUsedMb: samples[0]?.heapUsedMb,
    heapLimitMb,
    heapUsedPercent:
      heapLimitMb === undefined ? undefined : round((100 * (samples[0]?.heapUsedMb ?? 0)) / heapLimitMb),
    heapFloorMb: trend?.floorMb,
    heapFloorRisenMb: trend?.risenMb,
    heapFloorMbPerMinute: trend?.mbPerMinute,
    heapFloorOnlyGrows: trend?.onlyGrows,
    heapFloorWindowSeconds: trend?.windowSeconds,
    heapRisenWithoutFloorMb: trend === undefined ? risenWithoutFloor(samples) : undefined,
    externalMb: samples[0]?.externalMb,
    externalRisenMb: round(mean(external.slice(0, part)) - mean(external.slice(-part))),
    arrayBuffersMb: samples[0]?.arrayBuffersMb,
    collectionsSeen: last?.seen,
    largestName: largest?.name,
    largestEntries: largest?.entries,
    fastestName: fastest?.name,
    fastestEntriesPerMinute: fastest?.entriesPerMinute,
    surveyedSecondsAgo: last === undefined ? undefined : Math.round((context.now() - last.atMs) / 1000),
  };
}
