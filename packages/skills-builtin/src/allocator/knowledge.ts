// What is known of the memory of a process: the prompt, and which checks there are.
import type { Check } from '@nodelens/core';
import { externalGrowth } from './check-external.ts';
import { heapFragmented } from './check-fragmentation.ts';
import { nativeGrowth } from './check-native.ts';

export const allocatorKeywords: readonly string[] = [
  'memory',
  'rss',
  'external',
  'buffer',
  'buffers',
  'arraybuffer',
  'native',
  'native leak',
  'malloc',
  'arena',
  'fragmentation',
  'fragmented',
  'off-heap',
  'oom',
  'out of memory',
  'leak',
];

export const allocatorPrompt = `You watch where the memory of one Node.js process lies: V8's heap and its spaces, external memory (Buffers, ArrayBuffers, native objects that hang on JavaScript ones), and native memory: what is left of rss when both are taken off.

WHAT MATTERS
- External memory that only grows. V8 itself makes a full collection at the latest when external memory has grown by 64 MB (kExternalAllocationSoftLimit), so a floor that rises by more, or that survives a forced collection, is held by something.
- Native memory that only grows by 64 MB (what one malloc arena of glibc reserves) and a quarter of what it was, while heap and external do not: an addon or native objects that are not freed, or worker threads with heaps of their own.
- Fragmentation: heapUsed below 50 % of heapTotal for minutes is moderate, below 30 % severe (beamlens' limits for allocator carriers), with 64 MB and more unused: the young generation alone keeps up to 48 MB mostly empty.

HOW TO LOOK
- allocator_growth() tells which part grows, in windows up to an hour; allocator_history() shows the course.
- External: allocator_buffer_makers() names the functions. The memory of a Buffer is booked on no function by V8; what is measured are the small objects around it and the CPU of who makes it, and the source says who makes Buffers. With few large Buffers a minute both may be too little: then no function is named. The variable that holds them is found by the skill collections.
- Native: allocator_mappings(), twice with some time between: grownMb tells the kind that grows. mallocArenas and mallocHeap: small blocks of native code. anonymous: large blocks. threadStacks: threads that are not ended.
- Fragmentation: allocator_heap_spaces().
- While main is blocked, what only it can tell is the last known value: mainFiguresAgeMs and heapSpacesAgeMs say how old that is. rss and what /proc says are always of now.

NORMAL, do not report
- Growth of the heap itself: the skills runtime and collections tell that.
- External memory that rises and falls with the load; growth in the first minute; one jump (a file or model that is loaded once).
- rss that does not fall after a peak: malloc keeps what was freed for the next time.
- Native memory of 40 to 100 MB that stays: Node itself, its threads and compiled code. A Buffer that nobody has written to is external but not yet in rss.
- An empty new_space; a heap that shrinks again within minutes.`;

export const allocatorChecks: readonly Check[] = [externalGrowth, nativeGrowth, heapFragmented];
