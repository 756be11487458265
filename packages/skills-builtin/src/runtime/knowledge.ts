// What is known of the runtime: the prompt, and which checks there are.
import type { Check } from '@nodelens/core';
import { eventLoopBlocked } from './check-blocked.ts';
import { cpuHot } from './check-cpu.ts';
import { memoryGrowth } from './check-memory.ts';

export const runtimeKeywords: readonly string[] = [
  'event loop',
  'loop delay',
  'blocked',
  'stuck',
  'hang',
  'frozen',
  'unresponsive',
  'slow',
  'latency',
  'timeout',
  'p99',
  'cpu',
  'stall',
  'memory',
  'heap',
  'rss',
  'oom',
  'leak',
  'threads',
  'worker',
  'threadpool',
  'nexttick',
  'microtask',
  'starvation',
];

export const runtimePrompt = `You watch the runtime of one Node.js process: its event loop, CPU, memory and threads.
Your callbacks answer also while the main thread is blocked.

WHAT MATTERS
- Main blocked: a stall of 200 ms or more (as N|Solid), or three or more of 100 ms within a minute (as clinic doctor).
- Loop utilization above 0.9 for 10 s with main's CPU above 60 %: no headroom (clinic doctor: 95 %).
- The floor of the heap (after full collections) rises and never falls: memory is held. heapUsed above 85 % of the heap limit: out of memory is near. rss is not judged on its own.

HOW TO LOOK
- runtime_current_stall() and runtime_stalls() carry the culprit, and in how many samples it was seen: evidence "live-stack" was taken while it happened, "armed-profile" afterwards.
- kind "native-cpu", "native-io" and "lock" mean that main is inside a native call (JSON.parse, crypto, a synchronous read). Its name is known when it returns: report the kind at once, then use runtime_await_stall_end().
- children of a stall of kind "native-io" are processes that main has started and waits for (execFileSync). Whose call it is tell earlier stalls with the same child; a child that uses no CPU waits for something itself.
- call is the function of Node that the culprit was in (crypto.pbkdf2Sync, fs.readFileSync): most have an asynchronous twin. origin is what Node ran: with "timer" look at the times between stalls, for jobs that are due together run in one turn.
- kind "not-scheduled" means that the machine gave main no CPU: no function is to blame. starvedMs is that part of any stall: judge a function by durationMs minus starvedMs.
- kind "garbage-collection" (gcMs is most of it): the gc skill finds what allocates.
- requests: what main was serving meanwhile, the last to begin first; none is proven to have blocked. Event streams and long polls are always among them.
- starvation "ticks" or "microtasks": short callbacks without end keep the loop from its turn; callback is the one seen most: it or what it calls queues them.
- For high CPU without stalls ask runtime_hot_functions(); whose share rose lately tells runtime_hot_function_change().
- When main is idle and all is slow, look at runtime_threadpool() (saturated, by, sites) and runtime_workers() (utilization near 1, cpuPercent near 100: that worker is busy).

NORMAL, do not report
- Stalls in the first seconds of a process: modules are loaded.
- Single stalls below 200 ms; stalls of garbage collection (the gc skill judges these).
- A heap that rises and falls; only a rising floor counts. Growth in the first minute is warm-up.
- High loop utilization with low delay and CPU; low CPU with an idle loop.
- A worker with a utilization of 1 and low CPU waits in Atomics.wait; a burst of CPU (cpuBurstFactor) in which the loop keeps its delay; a threadpool at work without a waiting task.`;

export const runtimeChecks: readonly Check[] = [eventLoopBlocked, cpuHot, memoryGrowth];
