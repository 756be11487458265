// What scripts may ask about collections. All but `collections_query` ask main in slices of about a millisecond.
import type { Callback, CallContext, JsonObject, RecorderContext } from '@nodelens/core';
import * as v from 'valibot';
import { growingSites } from './growing-sites.ts';
import { queryCollections } from './query.ts';
import { type CollectionFigures, type Survey, type SurveyOptions, survey } from './survey.ts';

const limit = v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)), 10);
const sampleSeconds = v.optional(v.pipe(v.number(), v.minValue(0.3), v.maxValue(20)), 3);
/** Of the watching, the walk and the naming together. */
const TIMEOUT_MS = 30_000;

/** @param remember gets each survey, so that the next snapshot can tell of it. */
export function collectionsCallbacks(
  context: RecorderContext,
  remember: (survey: Survey) => void,
): { readonly [name: string]: Callback } {
  const take: Take = async (options, call) => {
    const taken = await survey(context, options, call);
    remember(taken);
    return taken;
  };
  return {
    collections_top: {
      description:
        'The largest collections that the app can reach by name: kind, entries, estimatedMb, holder (name, scope, file, line), filledBy and emptiedBy (function, file, line). Many slices of main of about 1 ms, less than a second in all; a plain object with very many keys costs 10 ms per 100,000.',
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
    ...leaks(context, take),
  };
}

type Take = (options: SurveyOptions, call: CallContext) => Promise<Survey>;

function leaks(context: RecorderContext, take: Take): { readonly [name: string]: Callback } {
  return {
    collections_leak_candidates: {
      description:
        'Collections that only grew while they were watched, those that nothing empties first; when there is none, growingSites: the functions whose allocations stay alive (two readings 3 s apart, each forces a collection of 0.5 ms per MB of heap, within the granted pause).',
      params: { sampleSeconds },
      timeoutMs: TIMEOUT_MS,
      run: async (seconds: number, call: CallContext) => {
        const taken = await take({ sampleSeconds: seconds, limit: 20, sort: 'growth' }, call);
        return leakCandidates(context, taken, call);
      },
    },
    collections_query: {
      description:
        'Asks V8 for all Maps, Sets or ArrayBuffers of the heap, also those that no name leads to: count, sizes, growth while watched. Pauses main about 350 ms and 13 ms per MB of heap: grant it by maxPauseMs.',
      params: {
        kind: v.optional(v.picklist(['Map', 'Set', 'ArrayBuffer']), 'Map'),
        sampleSeconds,
      },
      timeoutMs: TIMEOUT_MS,
      run: (kind: string, seconds: number, call: CallContext) =>
        queryCollections(context, { kind, sampleSeconds: seconds }, call),
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
  context: RecorderContext,
  taken: Survey,
  call: CallContext,
): Promise<JsonObject> {
  const growing = taken.collections.filter(({ onlyGrows }) => onlyGrows).toSorted(byLikelihood);
  const candidates = growing.map((one) => ({ ...one }));
  const found = { candidates, collectionsSeen: taken.seen, isComplete: taken.isComplete };
  if (growing.some(({ emptiedBy }) => emptiedBy.length === 0)) return found;
  return { ...found, ...(await growingSites(context, call)) };
}

/** Nothing empties it, then the weight that it gains, then its entries. */
function byLikelihood(a: CollectionFigures, b: CollectionFigures): number {
  const kept = Number(b.emptiedBy.length === 0) - Number(a.emptiedBy.length === 0);
  if (kept !== 0) return kept;
  return b.estimatedMbPerMinute - a.estimatedMbPerMinute || b.entriesPerMinute - a.entriesPerMinute;
}
