// What scripts may ask about collections. All but `collections_query` and what reads a heap snapshot ask main in slices
// of about a millisecond.
import type { Callback, CallContext, JsonObject, RecorderContext } from '@nodelens/core';
import * as v from 'valibot';
import { floorTrend } from '../heap-floor.ts';
import { round } from '../wording.ts';
import { FLOOR_WINDOW_MS, heapFloor } from './floor.ts';
import { growingSites } from './growing-sites.ts';
import type { GrowthHistory } from './growth-history.ts';
import { heapCallbacks } from './heap-callbacks.ts';
import type { HeapView } from './heap-view.ts';
import { isLeak } from './leak.ts';
import { type HeapRoom, likelyLeaks } from './likely-leaks.ts';
import { queryCollections } from './query.ts';
import { type Survey, type SurveyOptions, survey } from './survey.ts';

const limit = v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)), 10);
const sampleSeconds = v.optional(v.pipe(v.number(), v.minValue(0.3), v.maxValue(20)), 3);
/** Of the watching, the walk and the naming together. */
const TIMEOUT_MS = 30_000;

export interface CollectionsParts {
  readonly context: RecorderContext;
  readonly history: GrowthHistory;
  readonly heap: HeapView;
  readonly readHeapLimit: () => Promise<number | undefined>;
  /** Gets each survey, so that the next snapshot can tell of it. */
  remember(survey: Survey): void;
}

export function collectionsCallbacks(parts: CollectionsParts): { readonly [name: string]: Callback } {
  const { context, history, remember } = parts;
  const take: Take = async (options, call) => {
    const taken = await survey(context, { ...options, history }, call);
    remember(taken);
    return taken;
  };
  return {
    collections_top: {
      description:
        'The largest collections that the app can reach by name: id, kind, entries, estimatedMb, holder (name, scope, file, line), filledBy and emptiedBy (function, file, line). Many slices of main of about 1 ms, less than a second in all; the first look in ten minutes lists the scripts, 0.4 ms per MB of heap; a plain object with very many keys costs 10 ms per 100,000.',
      params: { limit },
      timeoutMs: TIMEOUT_MS,
      run: async (count: number, call: CallContext) =>
        asJson(await take({ sampleSeconds: 0, limit: count, sort: 'entries' }, call)),
    },
    collections_growth: {
      description:
        'As collections_top, the fastest growing first, watched for some seconds: entriesPerMinute, estimatedMbPerMinute, onlyGrows.',
      params: { sampleSeconds, limit },
      timeoutMs: TIMEOUT_MS,
      run: async (seconds: number, count: number, call: CallContext) =>
        asJson(await take({ sampleSeconds: seconds, limit: count, sort: 'growth' }, call)),
    },
    ...leaks(parts, take),
    ...heapCallbacks(parts),
  };
}

type Take = (options: Omit<SurveyOptions, 'history'>, call: CallContext) => Promise<Survey>;

function leaks(parts: CollectionsParts, take: Take): { readonly [name: string]: Callback } {
  return {
    collections_leak_candidates: {
      description:
        'Collections that only grew for as long as they were watched: confirmed (across a full collection of the heap), minutesUntilHeapLimit, those that nothing empties first; when none explains the growth, growingSites: the functions whose allocations stay alive, and racedPromises: pending ones that others are raced against, which keeps every result (two readings 3 s apart, each forces a collection of 0.5 to 1.5 ms per MB of heap, within the granted pause).',
      params: { sampleSeconds },
      timeoutMs: TIMEOUT_MS,
      run: async (seconds: number, call: CallContext) => {
        const taken = await take({ sampleSeconds: seconds, limit: 20, sort: 'growth' }, call);
        return leakCandidates(parts, taken, call);
      },
    },
    collections_growth_history: {
      description:
        'The sizes over time of a collection that was told before, by its id: points newest first, entriesPerMinute (robust), onlyGrows, majorGcs meanwhile. Read every 5 s for half an hour after the last look; costs main nothing.',
      params: {
        id: v.string(),
        limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(360)), 60),
      },
      run: (id: string, count: number) =>
        parts.history.tell(id, count) ?? { id, isKnown: false, known: [...parts.history.ids()] },
    },
    collections_query: {
      description:
        'Asks V8 for all Maps, Sets or ArrayBuffers of the heap, also those that no name leads to: count, sizes, growth while watched. Pauses main about 350 ms and 20 ms per MB of heap: grant it by maxPauseMs.',
      params: {
        kind: v.optional(v.picklist(['Map', 'Set', 'ArrayBuffer']), 'Map'),
        sampleSeconds,
      },
      timeoutMs: TIMEOUT_MS,
      run: (kind: string, seconds: number, call: CallContext) =>
        queryCollections(parts.context, { kind, sampleSeconds: seconds }, call),
    },
  };
}

const asJson = ({ collections, seen, steps, isComplete, sampleSeconds: seconds }: Survey): JsonObject => ({
  collections: collections.map((one) => ({ ...one })),
  collectionsSeen: seen,
  steps,
  isComplete,
  sampleSeconds: seconds,
});

async function leakCandidates(
  { context, history, readHeapLimit }: CollectionsParts,
  taken: Survey,
  call: CallContext,
): Promise<JsonObject> {
  const { floorMb, mbPerMinute } = floorOf(context);
  const floor = heapFloor(context);
  const room = { floorMb, limitMb: await readHeapLimit() } satisfies HeapRoom;
  const candidates = likelyLeaks(taken.collections, history.figures, room);
  const heapMb =
    floorMb === undefined ? undefined : floorMb + (context.vitals.newest(1)[0]?.arrayBuffersMb ?? 0);
  const found = {
    candidates,
    collectionsSeen: taken.seen,
    isComplete: taken.isComplete,
    heapMb: heapMb && round(heapMb),
    floorMbPerMinute: mbPerMinute,
    ...(floor && { floor: { ...floor } }),
  };
  // Furniture that grows a little explains nothing, and what does needs no dearer evidence.
  if (candidates.some((one) => isLeak(one, { heapMb: heapMb ?? Number.POSITIVE_INFINITY, mbPerMinute })))
    return found;
  return { ...found, racedPromises: taken.racedPromises, ...(await growingSites(context, call)) };
}

function floorOf({ vitals, gc }: RecorderContext): { floorMb: number | undefined; mbPerMinute: number } {
  const samples = vitals.since(FLOOR_WINDOW_MS);
  const trend = floorTrend(samples, gc.since(FLOOR_WINDOW_MS));
  return { floorMb: trend?.floorMb ?? samples[0]?.heapUsedMb, mbPerMinute: trend?.mbPerMinute ?? 0 };
}
