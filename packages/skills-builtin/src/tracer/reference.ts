// The skill `tracer` for docs/skills.
import type { Reference } from '../reference.ts';

const DEBUGGER =
  "one pause of main of 20 to 120 ms while V8's debugger is switched on (refused above the pause that the call grants); until it is off again each await on main costs about 1 us more";

export const reference: Reference = {
  snapshot: {
    isTracing: 'true while a trace is under way',
    isCounting: 'true while calls are counted for tracer_count',
    target: 'what is traced or counted, as it was asked for; null when nothing is',
    sinceMs: 'for how long it has been; null when nothing is',
    hasBreakpoints: 'true while breakpoints stand, or may still stand, on main',
    traces: 'traces that were made since the start',
    refusedTraces:
      'traces that ended before the first traced call: the function is hot, or the caller gave up',
    lastTarget: 'function, file and line of the last trace; null when there is none',
    lastAgoMs: 'how long ago it ended; null when there is none',
    lastCallsPerSecond: 'calls per second that it found; null when there is none',
    lastP99Ms: '99th percentile of their durations; null when there is none, or no duration could be seen',
    lastIsRefused: 'whether it was refused; null when there is none',
    unavailable: 'what cannot be told, by name and with the reason',
  },
  costs: {
    tracer_find: 'one pause of main: 5 ms and 0.3 ms for each MB of heap, at most every 30 s',
    tracer_status: 'nothing of main',
    tracer_last: 'nothing of main',
    tracer_count: `a listing as of tracer_find, and ${DEBUGGER}; each counted call 0.15 ms`,
    tracer_trace: `a listing as of tracer_find, and ${DEBUGGER}; each traced call 0.5 ms, and the function runs unoptimised`,
  },
  thresholds: [
    {
      what: 'hot function',
      value: '100 calls at once, and 1,000 a second beyond them',
      source:
        'measured: a traced call costs main 0.5 ms, so 1,000 a second take half of its core; a handler that calls it in a loop is no hot path',
    },
    {
      what: 'counting before a trace',
      value: '500 ms, or half of the time of the trace',
      source: 'our choice: a hot function is known before its calls are traced',
    },
    {
      what: 'limits of a trace',
      value: '30 s and 500 calls; 5 functions to count',
      source: 'our choice: 500 calls take 0.25 s of main, which it can bear',
    },
    {
      what: 'estimated pause',
      value: '40 ms, 0.3 ms for each MB of heap and 0.1 ms for each script',
      source: 'measured: 22 ms (5 MB), 76 (100 MB), 117 (300 MB), 216 (2,000 scripts)',
    },
    {
      what: 'heap that is too full to trace',
      value: '85 % of its limit',
      source: 'while its debugger is on, V8 does not end a process that is out of memory but stops it',
    },
    {
      what: 'a recording that nobody fetches',
      value: 'thrown away on main 10 s after its time',
      source: 'our choice: a recorder that has ended leaves nothing behind',
    },
  ],
};
