// The skill `overload` for docs/skills.
import type { Reference } from '../reference.ts';

export const reference: Reference = {
  snapshot: {
    bottleneck:
      'where work waits first: loop, threadpool, pool, outgoing, accept or receive; null when nothing is near its end',
    eventLoopUtilization10s: "share of the last 10 s in which main's event loop was not idle, 0 to 1",
    eventLoopDelayP99Ms:
      'delay of the loop (p99 of each second, or the stall that goes on), median of the last 10 s',
    loopSaturatedSeconds:
      'seconds up to now, 60 at most, with none below a utilization of 0.8; 0 unless their median is 0.95',
    queuesBehindLoop:
      '1 when requests in flight and connections to accept together grow steadily, plus accept queues near their limit for 2.5 s',
    mainBlockedMs: 'how long the stall has lasted that is going on; 0 when there is none',
    listening: 'TCP sockets on which this process listens',
    acceptWaiting: 'connections that main has not accepted, of all of them',
    acceptFullest: 'address of the one whose queue is fullest; null when there is none',
    acceptFullestPercent: 'how full that queue is, of its limit',
    acceptHighest1mPercent: 'the fullest that any of the queues was within the last minute, of its limit',
    acceptNearLimitMs: 'for how long one of them has been at 80 % of its limit or more',
    listenOverflows1m:
      'connections that found an accept queue full within the last minute, of the whole network namespace; null where the kernel does not tell',
    inFlight: 'requests that main serves now',
    inFlightFrom20sAgo:
      'how many there were 20 s ago (median of the first 5 s since); null with less than 8 readings',
    inFlightGrowthPerMinute: 'median slope of the last 20 s; null likewise',
    inFlightGrowsSteadily: 'true when of nearly every two readings of these 20 s the later one is higher',
    growthReason:
      'the last 10 s against the 2 minutes before the rise: arrivals-rose, service-slowed, both, or unclear',
    arrivalsPerSecond10s: 'requests that began, per second of the last 10 s',
    completionsPerSecond10s: 'requests that ended (also aborted ones), per second of the last 10 s',
    requestStays10sMs:
      "how long a request stays by Little's law (mean in flight by completions per second); null when none ended",
    outgoingInFlight: 'outgoing HTTP requests without a complete answer now',
    outgoingNotSent: 'of them, those without a connection, or whose body is not written yet',
    outgoingStays10sMs: 'how long an outgoing request stays, as requestStays10sMs; null when none ended',
    threadpoolWaitMs:
      "how long the newest of our own tasks, one a second, has waited for libuv's threads; null before the first",
    threadpoolWaitMedian10sMs: 'its median over the last 10 s; null likewise',
    threadpoolSlowReadings10s: 'how many of the last ten waited 100 ms and more',
    threadpoolThreads: "size of libuv's pool as main told it last; null before it has",
    threadpoolFiles: 'file operations of main that were given to the pool and not done, as of then',
    threadpoolLookups: 'lookups of names likewise',
    mainToldAgoMs: 'how long ago main told these three; null before it has',
    unreadBytes:
      'bytes that have arrived at open sockets and main has not read; null where they cannot be seen',
    socketsWithUnread: 'sockets that have such bytes; null likewise',
    unsentBytes: 'bytes that main has written and peers have not taken; null likewise',
    socketsReadAgoMs: 'how long ago the sockets were read (every 5 to 60 s or more); null likewise',
    unavailable: 'what cannot be told, by name and with the reason',
  },
  costs: {
    overload_accept_queues: 'nothing of main; 0.5 ms of the recorder, which reads the tables of the kernel',
    overload_sockets: 'nothing of main; 5 to 20 ms of the recorder, which reads the tables of the kernel',
    overload_in_flight: 'less than 1 ms of main',
    overload_pools: 'less than 1 ms of main',
    overload_threadpool:
      'three questions to main of less than 1 ms each; while it watches (0.5 s, 1 s at most), 1 us more for each asynchronous resource that is no promise, and the stacks of the first 40 tasks',
    overload_keepers:
      '5 ms of main and 0.3 ms for each MB of heap; the recorder reads up to 200 sources from the disk',
    overload_hot_functions: '2 ms of main: its running profile is cut once, so that it reaches up to now',
  },
  thresholds: [
    {
      what: 'accept queue near its limit',
      value: '80 % for 2.5 s, read every second',
      source: 'our choice: a burst drains within one turn of the loop',
    },
    {
      what: 'accept queue that turned connections away',
      value: '90 % within the last minute, while the kernel counted overflows; critical',
      source:
        'our choice: the counter is of the whole network namespace, so a queue of ours must have been full',
    },
    {
      what: 'limit of an accept queue',
      value: '511 unless given to listen or seen, at most net.core.somaxconn',
      source: "Node's default backlog; the kernel cuts it",
    },
    {
      what: 'growth of requests in flight',
      value:
        '20 more and half as many again within 20 s, steadily; critical from 1,000 or when none is completed',
      source: 'our choice: a burst drains before',
    },
    {
      what: 'steady',
      value: 'the later reading is higher in 90 % of all pairs; 8 readings at least',
      source: "a Kendall's tau of 0.8; a queue that fills and drains stays near one half",
    },
    {
      what: 'what requests wait for',
      value: 'half of those in flight wait for the same; stuck are 5 times the usual time and 200 ms',
      source: 'our choice: without it a long poll looks the same, so the check is silent',
    },
    {
      what: 'more arrivals, longer stay, fewer completions',
      value: '1.25, 1.5 and 0.75 times what was before',
      source: "our choice: below it is noise; the stay is by Little's law, which holds for finite windows",
    },
    {
      what: 'slow threadpool',
      value:
        '100 ms in 6 of 10 readings, with three quarters of the threads at work, or more files and lookups than threads',
      source: 'our choice: a thousand times what the task needs; a burst of work does not last for that',
    },
    {
      what: 'lookups of names',
      value: 'twice as many as run at once',
      source: 'libuv lets them have half of its threads; the other half has waited',
    },
    {
      what: 'saturated loop',
      value:
        'utilization 0.95 (median, none below 0.8) for 12 s, while what waits behind it grows steadily or an accept queue stays full',
      source: 'clinic doctor: a median of 95 %; a burst is over by then',
    },
    {
      what: 'not given back',
      value:
        'half of what is in flight, 20 at least, is stuck (five times as old as usual) while the loop is idle for half of the time, the threads are free and at most a fifth asks others; three functions at most that leave before they give back',
      source: 'our choice: the source alone tells of a way, not of how often it is gone',
    },
    {
      what: 'bottleneck',
      value:
        'saturation 0.3 and more; full are: a loop without idle time or a stall of 500 ms, 200 ms of threadpool wait, 4 MB of unread bytes, a full accept queue, no outgoing request sent',
      source: 'our choice: below it a queue is not worth a word',
    },
    {
      what: 'a queue is worth a word',
      value:
        'loop 100 ms, threadpool 50 (ms or tasks), in flight and outgoing 20, pools and accept queues 10, unread 256 KB, unsent 1 MB',
      source: 'our choice; smaller accept queues at half of their limit',
    },
  ],
};
