// The skill `runtime` for docs/skills.
import type { Reference } from '../reference.ts';

export const reference: Reference = {
  snapshot: {
    uptimeSeconds: 'age of the process',
    rssMb: 'resident memory of the whole process',
    heapUsedMb: "main's JavaScript heap in use, garbage included",
    heapTotalMb: 'what V8 holds for that heap',
    heapLimitMb: 'its limit; absent until main has told it',
    heapUsedPercent: 'heapUsedMb of heapLimitMb; absent without the limit',
    externalMb: 'memory outside of the heap that JavaScript objects hold, Buffers included',
    arrayBuffersMb: 'of that, what ArrayBuffers and Buffers hold',
    heapFloorMb:
      'newest floor of the heap: what a full collection left, or else the lowest reading; this and the next five are of the last 5 minutes without the first 10 s, absent while that is too short',
    heapFloorRisenMb: 'newest floor minus the oldest; negative when it fell',
    heapFloorMbPerMinute: 'the same per minute',
    heapFloorOnlyGrows: 'no floor lies more than a twentieth below the one before it',
    heapFloorBasis: 'major-gc: after full collections; minima: lowest readings, which may hold garbage',
    heapFloorWindowSeconds: 'time between the oldest and the newest floor',
    eventLoopUtilization: 'share of the last second in which the loop was busy, 0 to 1',
    eventLoopUtilization10s: 'its mean over 10 s',
    eventLoopDelayP99Ms: 'how late the loop was in the last second, 99th percentile',
    eventLoopDelayMaxMs: 'how late it was at the worst within 10 s',
    mainCpuPercent: 'CPU of the main thread in the last second, of one core',
    mainCpuPercent10s: 'its mean over 10 s',
    cpuBaselinePercent:
      "what is usual of main's CPU: median of the seconds before the last 10, of 10 minutes at most; this and the next two are null with less than a minute of them",
    cpuBurstFactor: 'mainCpuPercent10s as a multiple of it, or of 1 % where it is lower',
    cpuBurstDeviations: 'how many robust standard deviations (of 1 % at least) it lies above',
    processCpuPercent: 'CPU of all threads in the last second, of one core; may exceed 100',
    mainBlockedMs: 'for how long main has not turned its loop; 0 while it does',
    blockKind:
      'what it does meanwhile: javascript, native-cpu, native-io, lock, garbage-collection, not-scheduled or unknown; null while it turns',
    blockStarvation:
      'ticks or microtasks when these queue further ones and the loop never gets its turn; null otherwise, and before that is known',
    blockRequests:
      'requests that main is serving meanwhile; null while it turns, and where they are not watched',
    stalls1m:
      'stalls within the last minute, the present one included; of the first 3 s of recording only those of 2 s and more',
    stalled1mMs: 'how long they lasted together',
    longestStall1mMs: 'the longest of them',
    threads: "threads of the process, Node's and Nodelens' included; absent without /proc",
    unavailable: 'what cannot be told, by name and with the reason',
  },
  costs: {
    runtime_threads: 'nothing of main; it watches the threads for half a second',
    runtime_workers: '0.1 ms of main for each worker; it watches for half a second',
    runtime_threadpool:
      '1 us of main for each asynchronous resource (promises aside) that is made while it watches, for watchMs',
    runtime_hot_function_change: 'about 4 ms of main, to read the profile that is running twice',
    runtime_hot_functions: 'about 2 ms of main, to read the profile that is running',
    runtime_await_stall_end: 'nothing of main; it waits for the end of the stall, at most maxWaitMs',
    runtime_active_resources: '1 ms of main',
  },
  thresholds: [
    {
      what: 'stall',
      value: 'main is 40 ms late for its beat, which comes every 20 ms while it is in use',
      source: 'our choice: two beats',
    },
    {
      what: 'blocked event loop',
      value: '200 ms once, without the time in which the machine gave main no core',
      source: 'N|Solid and most service objectives draw the line there',
    },
    {
      what: 'blocked again and again by one function',
      value: '3 stalls of 100 ms within a minute',
      source: 'clinic doctor: a delay of 100 ms is an issue; three times is our choice',
    },
    { what: 'blocked, critical', value: '1 s', source: 'our choice' },
    {
      what: 'stall with its requests, and whether it is starvation',
      value: 'from 100 ms and 200 ms on; the newest 20 are kept',
      source: 'our choice: main is asked during a stall, so only where it matters',
    },
    {
      what: 'starvation',
      value: 'two rounds of ticks and none of microtasks, or the reverse, in one stall',
      source: 'Node runs both between two events of the loop, so one alone never ends',
    },
    {
      what: 'saturated threadpool',
      value: '90 % of its threads at work while it was watched',
      source: 'our choice',
    },
    {
      what: 'comparable shares of functions',
      value: '50 samples on both sides',
      source: 'our choice: a share of fewer is chance',
    },
    {
      what: 'busy loop',
      value: 'utilization 0.9 over 10 s; not where stalls explain it (10 s of them within a minute)',
      source: 'clinic doctor: a median of 95 %; a mean over 10 s is sharper, so a little less',
    },
    {
      what: 'burst of CPU that a finding mentions',
      value: 'twice the usual and 3 robust standard deviations above it',
      source: 'our choice; by itself it is load, so no check goes by it',
    },
    {
      what: "main's CPU in a busy loop",
      value: '60 % of a core',
      source: 'our choice: other processes may take their part of the core',
    },
    {
      what: 'function that fills the loop',
      value: "40 % of main's CPU; else no function is blamed",
      source: 'our choice',
    },
    {
      what: 'memory growth',
      value:
        'the floor of the heap rose by 24 MB and a quarter of itself within 5 minutes and never fell; without full collections it is info only',
      source: 'our choice: a warm-up ends below',
    },
  ],
};
