// The skill `allocator` for docs/skills.
import type { Reference } from '../reference.ts';

export const reference: Reference = {
  snapshot: {
    rssMb: 'resident memory of the whole process, read now',
    heapTotalMb: "what V8 holds for main's JavaScript heap",
    heapUsedMb: 'what of it is in use, garbage included',
    heapUsagePercent: 'that, of heapTotalMb',
    externalMb: 'memory outside of the heap that JavaScript objects hold, Buffers included',
    arrayBuffersMb: 'of that, what ArrayBuffers and Buffers hold',
    nativeMb: 'what is left of rss without heapTotal and external; never below 0',
    mainFiguresAgeMs: 'how old the figures of main (heap, external) are; it grows while main is blocked',
    rssAnonymousMb: 'resident memory by kind, as /proc says: heaps, stacks and malloc; absent without it',
    rssFileMb: 'resident parts of mapped files, code among them',
    rssSharedMb: 'resident shared memory',
    threads: 'threads of the process; absent without /proc',
    externalFloorMb:
      'lowest external memory in the newest part of a window; of 1, 5, 15 and 60 minutes the window in which it only grew, and most, else 5 minutes; this and the next four are absent in the first seconds',
    externalRisenMb: 'that, minus the lowest in the oldest part',
    externalMbPerMinute: 'the same per minute',
    externalWindowSeconds: 'time between the middles of the two parts',
    externalOnlyGrows: 'in each fifth of the window its lowest reading rose',
    nativeFloorMb: 'the same five of native memory',
    nativeRisenMb: 'newest part minus oldest part',
    nativeMbPerMinute: 'the same per minute',
    nativeWindowSeconds: 'time between the middles of the two parts',
    nativeOnlyGrows: 'in each fifth of the window its lowest reading rose',
    nativeRssRisenMb: "how much rss rose in native memory's window",
    nativeHeapRisenMb: 'how much heapTotal rose in it',
    nativeExternalRisenMb: 'how much external memory rose in it',
    heapUsageMax5mPercent: 'the most that was used of heapTotal within 5 minutes',
    heapUnusedMin5mMb: 'the least that was unused of it',
    heapUsageWindowSeconds: 'how much time that is told over',
    oldSpaceMb: 'size of the old generation; this and the next four are absent until main has answered once',
    oldSpaceUsedPercent: 'what of it is in use',
    worstSpace: 'the heap space with the most unused memory',
    worstSpaceUnusedMb: 'how much that is',
    heapSpacesAgeMs: 'how old these are: main answers late while it is blocked',
    unavailable: 'what cannot be told, by name and with the reason',
  },
  costs: {
    allocator_heap_spaces: '1 ms of main',
    allocator_buffer_makers:
      'one forced collection, 0.5 to 1.5 ms of main per MB of heap, within the granted pause (default 250 ms; where that is too short, makers are told by CPU only), and about 2 ms to read the profile',
    allocator_mappings:
      'nothing of main; some 10 ms per GB of memory on other threads; needs /proc/self/smaps',
  },
  thresholds: [
    {
      what: 'external memory is looked into',
      value: 'it only grew, by 32 MB and a quarter of itself',
      source: 'our choice: a look forces one collection, so it is taken early',
    },
    {
      what: 'external growth',
      value: '60 % of the rise is left after the forced collection; when there was none, a rise of 64 MB',
      source:
        'V8 collects the whole heap when external memory has grown by 64 MB (kExternalAllocationSoftLimit); 60 % is our choice',
    },
    {
      what: 'external growth, critical',
      value: '60 MB per minute',
      source: 'our choice: a GB in a quarter of an hour',
    },
    {
      what: 'functions that are blamed',
      value: 'at least half as many MB of their small objects alive as of the first',
      source: 'our choice: one sample stands for 0.5 MB',
    },
    {
      what: 'native growth',
      value:
        'it only grew, by 64 MB and a quarter of itself; rss rose by 60 % of that, heap and external each by half of it at most',
      source:
        'one malloc arena of glibc reserves 64 MB (HEAP_MAX_SIZE): less is a thread that came; the shares are our choice',
    },
    { what: 'warm-up', value: 'growth seen over less than 45 s is info only', source: 'our choice' },
    {
      what: 'only grows',
      value: 'each fifth of the window rises by a quarter of an even share at least',
      source: 'our choice: one jump, such as a file that is loaded once, is no growth',
    },
    {
      what: 'fragmented heap',
      value: 'below 50 % used for 3 minutes, info; below 30 %, a warning',
      source:
        "beamlens' limits for allocator carriers; V8's memory reducer gives back what a peak has left within a minute",
    },
    {
      what: 'unused memory of a fragmented heap',
      value: '64 MB',
      source: 'the young generation alone keeps up to 48 MB mostly empty (three semi-spaces of 16 MB)',
    },
  ],
};
