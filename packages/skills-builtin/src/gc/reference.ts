// The skill `gc` for docs/skills.
import type { Reference } from '../reference.ts';

export const reference: Reference = {
  snapshot: {
    minorPerMinute:
      'collections of the young generation per minute, over the last one; forced ones (by a profiler or global.gc) never count',
    majorPerMinute: 'full collections per minute, over the last one',
    pauseShare1mPercent: 'share of the last minute in which main stood still for collections',
    pauseShare10sPercent: 'the same of the last 10 s',
    minorPerSecond10s: 'collections of the young generation per second, over 10 s',
    majorPerSecond10s: 'full collections per second, over 10 s',
    longestPause1mMs:
      'longest collection within the last minute, without the time in which the machine gave main no core',
    longPauses1m: 'collections of 100 ms and more within the last minute, measured in the same way',
    heapUsedMb: "main's JavaScript heap in use, garbage included",
    heapFloorMb:
      'what the newest full collection left, or else the lowest reading; absent while the last 5 minutes hold too little to go by (8 s)',
    heapFloorMbPerMinute: 'how fast that rose within 5 minutes; negative when it fell',
    heapLimitMb: "the heap's limit; absent until main has told it",
    minutesUntilHeapLimit:
      'when the floor reaches the limit; only where it grows steadily, and for at most five times as long as that was seen',
    heapUsedPercent: 'heapUsedMb of heapLimitMb; absent without the limit',
    processCpu10sPercent:
      'CPU of the whole process over 10 s, of one core; it bears collections on other threads too',
  },
  costs: {
    gc_heap_spaces: '1 ms of main',
    gc_room: '1 ms of main',
    gc_top_allocators:
      'one forced collection, 0.5 to 1.5 ms of main per MB of heap, within the granted pause (default 250 ms); it watches for windowSeconds',
    gc_live_allocations:
      'one forced collection, 0.5 to 1.5 ms of main per MB of heap, within the granted pause (default 250 ms)',
    gc_efficiency: 'about 50 us of main for each collection while it watches, for windowSeconds',
  },
  thresholds: [
    {
      what: 'churn',
      value: "collections take 10 % of main's time over 10 s; looked into from 5 % on; critical from 25 %",
      source:
        'clinic doctor: 100 ms within a second are an issue; a busy server spends 1 to 5 %; critical is our choice',
    },
    {
      what: 'churn below 10 %',
      value: '150 MB allocated per second, half of it by one function',
      source: 'our choice',
    },
    {
      what: 'function that churns',
      value: 'a fifth of what is allocated; else no function is named',
      source: 'our choice',
    },
    {
      what: 'no room',
      value:
        "a full collection per second and 5 % of main's time, while half of the way from what is alive to the limit is no more than the young generation may hold; not above 85 % of the limit",
      source:
        'V8: MemoryController::BoundAllocationLimit and Heap::IncrementalMarkingLimitReached; 5 % is the most that a busy server spends',
    },
    {
      what: 'long pause',
      value: '250 ms once, or 100 ms three times within a minute',
      source: 'clinic doctor: 100 ms; once may happen, so 250 ms for a single one (our choice)',
    },
    {
      what: 'heap near its limit',
      value: '85 %, critical from 92 %; not when it is below 75 % again at the second look',
      source: 'V8 collects ever more often above it; the figures are our choice',
    },
    {
      what: 'forecast',
      value: 'full within 60 minutes, at 1 MB per minute and more; critical within 10',
      source: 'our choice: long enough to act, short enough for a trend of minutes to hold',
    },
    {
      what: 'steady growth',
      value:
        '4 floors over 10 s (of lowest readings: over 5 minutes), 90 % of their pairs rise, and the newest half at least half as fast as all',
      source: 'slope by Theil and Sen; our choice, for a heap that fills to a bound grows ever slower',
    },
    {
      what: 'level of gc_pressure',
      value:
        "elevated, high, critical: 70, 85, 95 % of the limit, or 10, 20, 40 % of main's time in collections",
      source: 'our choice',
    },
  ],
};
