// What is known of collections: the prompt, and which checks there are.
import type { Check } from '@nodelens/core';
import { fillsHeap } from './check-full-heap.ts';
import { unboundedGrowth } from './check-growth.ts';

export const collectionsKeywords: readonly string[] = [
  'memory',
  'leak',
  'heap',
  'oom',
  'out of memory',
  'cache',
  'map',
  'set',
  'array',
  'buffer',
  'collection',
  'collections',
  'retained',
  'growth',
  'rss',
];

export const collectionsPrompt = `You watch the collections in one Node.js process: the Maps, Sets, arrays, typed arrays and dictionaries that its code holds.

WHAT MATTERS
- A collection that only grows, from which no code removes anything, while the heap's floor rises: unbounded growth. It is the most common leak in Node services (a cache without limit, a list of listeners or jobs, a registry by session).
- Buffers: growth of externalMb without growth of the heap; the allocation sampler does not see them, collections do.

HOW TO LOOK, by price
- collections_leak_candidates(3) first: it walks from the app's modules, listeners and globals, watches sizes for 3 s, and tells for each the holder (variable, file, line), what fills it (filledBy) and what empties it (emptiedBy). Main is asked in slices below 1 ms.
- If it names none, its growingSites tell whose allocations stay alive (two forced collections, 0.5 ms per MB).
- A candidate that is confirmed grew across a full collection of the heap; collections_growth_history(id) tells its sizes over time, so ask again after some minutes to tell a leak from a cache that fills.
- collections_retaining_path(id) tells why it is alive, collections_heap_summary() what the heap consists of. Both take a heap snapshot, which stops main for seconds (80 ms per MB of heap): only with a grant, and never on a service that must answer. One snapshot answers both.
- collections_query() finds also what no name leads to, but pauses main for 350 ms and more: only with a grant.
- isComplete false means that the walk was cut: there may be more.
- Sizes in MB are estimates from a few entries.

NORMAL, do not report
- Growth of a collection that something empties (emptiedBy is not empty) while it fills to its bound; growth in the first minute.
- Large collections that do not grow: catalogues, indexes, routing tables.
- A heap that falls again after a full collection.`;

export const collectionsChecks: readonly Check[] = [unboundedGrowth, fillsHeap];
