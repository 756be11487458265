// What is known of garbage collection: the prompt, and which checks there are.
import type { Check } from '@nodelens/core';
import { churn } from './check-churn.ts';
import { heapLimitForecast } from './check-forecast.ts';
import { longPause, nearLimit } from './check-heap.ts';
import { noRoom } from './check-room.ts';

export const gcKeywords: readonly string[] = [
  'gc',
  'garbage',
  'collection',
  'collector',
  'pause',
  'allocation',
  'allocates',
  'churn',
  'heap',
  'memory',
  'oom',
  'out of memory',
  'cpu',
  'scavenge',
];

export const gcPrompt = `You watch the garbage collection of one Node.js process's main thread.

WHAT MATTERS
- Share of time in collections: above 10 % (clinic doctor: 100 ms within any second) the app churns garbage; above 25 % it does little else. Collections of the young generation ("minor") point at short-lived garbage, full ones ("major") at a heap that is filled or near its limit.
- Single pauses of 250 ms and more, or three of 100 ms within a minute.
- Heap above 85 % of its limit: full collections follow each other, then the process is ended.
- Full collections one after the other while little is alive: gc_room() tells whether the limit of the heap is too small; then no function is to blame.

HOW TO LOOK
- gc_heap_limit_forecast() for when the heap is full, gc_long_events() for long pauses, gc_efficiency(5): full collections that free less than a tenth of the heap work in vain.
- gc_top_allocators(2) sees also what is collected at once. A small function may be booked on its caller, because the compiler inlines it.
- gc_live_allocations() for a heap that grows. The collection that holds it is found by the skill collections.

NORMAL, do not report
- A heap that rises and falls (a saw): only what full collections leave counts.
- Many minor collections of 1 to 3 ms: several in a second, 1 to 5 % of the time, are a busy server.
- Forced collections: from a profiler's reading, also your own, or global.gc.
- A full collection now and then, also of 50 ms on a heap of hundreds of MB; collections while a process starts.`;

export const gcChecks: readonly Check[] = [churn, noRoom, longPause, nearLimit, heapLimitForecast];
