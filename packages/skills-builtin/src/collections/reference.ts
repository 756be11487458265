// The skill `collections` for docs/skills.
import type { Reference } from '../reference.ts';

export const reference: Reference = {
  snapshot: {
    heapUsedMb: "main's JavaScript heap in use, garbage included",
    heapFloorMb:
      'newest floor of the heap: what a full collection left, or else the lowest reading; this and the next four are of the last 5 minutes without the first 5 s, absent while that is too short',
    heapFloorRisenMb: 'newest floor minus the oldest; negative when it fell',
    heapFloorMbPerMinute: 'the same per minute',
    heapFloorOnlyGrows: 'no floor lies more than a twentieth below the one before it',
    heapFloorWindowSeconds: 'time between the oldest and the newest floor',
    heapRisenWithoutFloorMb:
      'while there is no floor: by how much the lowest reading of the newer half lies above that of the older; absent in the first 9 s',
    externalMb: 'memory outside of the heap that JavaScript objects hold, Buffers included',
    externalRisenMb: 'mean of its newest quarter of 5 minutes minus that of the oldest',
    arrayBuffersMb: 'of externalMb, what ArrayBuffers and Buffers hold',
    collectionsSeen:
      'collections that the last look found; all that follows is of that look, absent before the first',
    largestName: 'the largest of those that it told',
    largestEntries: 'its entries; of a buffer its bytes or elements',
    fastestName: 'the fastest growing of those that it told',
    fastestEntriesPerMinute: 'its growth; 0 when the look did not watch',
    surveyedSecondsAgo: 'how long ago the look was',
    heapLimitMb: "the heap's limit; absent until main has told it",
    heapUsedPercent: 'heapUsedMb of heapLimitMb; absent without the limit',
  },
  costs: {
    collections_top:
      'many slices of main of about 1 ms, less than a second in all; 0.4 ms per MB of heap for the first look in ten minutes; then a tenth of a ms every 5 s for half an hour, to read sizes',
    collections_growth: 'as collections_top; it watches for sampleSeconds',
    collections_leak_candidates:
      'as collections_growth; when it finds none, two forced collections of 0.5 to 1.5 ms of main per MB of heap, within the granted pause (default 250 ms)',
    collections_query:
      'a pause of main of 350 ms and 20 ms per MB of heap, to be granted by maxPauseMs; it watches for sampleSeconds',
    collections_retaining_path:
      'a pause of main of 80 ms per MB of heap, to be granted by maxPauseMs, and 13 times the heap in free memory; nothing of main while a snapshot is kept that is young enough and knows the collection',
    collections_heap_summary:
      'a pause of main of 80 ms per MB of heap, to be granted by maxPauseMs, and 13 times the heap in free memory; nothing of main while a snapshot is kept that is young enough',
  },
  thresholds: [
    {
      what: 'heap growth that is looked into',
      value: 'its floor only grew within 5 minutes, by 8 MB and 12 %',
      source: "our choice: a look is cheap, so earlier than the runtime's check reports",
    },
    {
      what: 'the same of a process too young to have a floor',
      value: 'lowest readings that rose by as much; concluded only when, after the look, its floor has',
      source: 'our choice: a floor takes 8 s after the first 5 s, a look 4 s',
    },
    {
      what: 'the same in the first minute',
      value:
        'also the lowest reading of the last third that lies as much above that of the first, whatever the full collections so far saw',
      source:
        'measured: of a young heap that climbs by 60 to 100 MB per minute, those and lowest readings that rise evenly miss 1 look in 4, with this 1 in 8',
    },
    {
      what: 'external growth that is looked into',
      value: '24 MB within 5 minutes',
      source: 'our choice',
    },
    {
      what: 'unbounded growth',
      value:
        'a collection that only grew while it was watched, has 500 entries or gains 1 MB per minute, and that nothing empties',
      source: 'our choice: smaller ones explain no growth of a heap',
    },
    {
      what: 'the same of one that something empties',
      value: '40 % of the heap, or of its growth: over 5 minutes, or 3 MB and more while it was watched',
      source: 'our choice: a cache that fills to its bound is normal',
    },
    {
      what: 'function named by what it allocated',
      value:
        '3 MB more alive after 3 s, 40 % of all growth; info in the first minute, unless it goes on at 60 % of the pace of the floor',
      source: 'the grain of the sampler: a leak is on top after 1 to 3 MB; the shares are our choice',
    },
    {
      what: 'unbounded growth, critical',
      value: '60 MB per minute',
      source: 'our choice: a GB in a quarter of an hour',
    },
    {
      what: 'confirmed candidate',
      value: '4 readings without a fall, and a full collection of the heap meanwhile',
      source: 'our choice: what outlives a full collection is held',
    },
    {
      what: 'collection that counts',
      value: '20 entries; a plain object is one from 1,001 properties on',
      source: 'our choice: smaller ones are furniture',
    },
    {
      what: 'limits of a look',
      value: '8 s and 4,000 steps of the walk, the 300 largest are watched, 60 told ones are kept in mind',
      source: 'our choice: bounded cost; isComplete false says that the walk was cut',
    },
  ],
};
