// The skill `vm-events` for docs/skills.
import type { Reference } from '../reference.ts';

export const reference: Reference = {
  snapshot: {
    longGc1m: 'collections of 100 ms and more within the last minute',
    longGc5m: 'the same within 5 minutes',
    longGc15m: 'the same within 15 minutes',
    longestGc5mMs: 'the longest of them within 5 minutes, by its own time',
    pastGcBursts15m: 'groups of three and more long collections, at most 20 s apart, that are over',
    stalls1m: 'stalls of 100 ms and more within the last minute',
    stalls5m: 'the same within 5 minutes',
    stalls15m: 'the same within 15 minutes',
    longestStall5mMs: 'the longest of them within 5 minutes',
    heapUsedPercent: 'heap in use, of its limit; absent until main has told the limit',
    heapNearLimitEdges15m: 'how often the heap rose over 85 % of its limit within 15 minutes',
    busyLoops15m: 'stretches of 5 s and more with an event loop utilization of 0.9 and more',
    rssJumps15m: 'rises of resident memory by 64 MB and a fifth within 5 s',
    warnings1m: "process warnings ('warning' events) within the last minute",
    warnings5m: 'the same within 5 minutes',
    warnings15m: 'the same within 15 minutes',
    listenerWarnings:
      'emitters and events that Node warned about for their number of listeners, since the start',
    repeatedWarning: 'name of the most frequent other warning of 5 minutes; null when there is none',
    repeatedWarning5mCount: 'how often it came',
    droppedWarnings: 'warnings that were not recorded, since the start',
    largeRequests1m:
      'large requests to the servers of this process within the last minute; of the last hour 500 are kept',
    largeRequests5m: 'the same within 5 minutes',
    largeRequests15m: 'the same within 15 minutes',
    largestRequest15mMb: 'the largest of them, the larger of its two directions; 0 without one',
    droppedLargeRequests: 'large requests that were not recorded for their number, since the start',
    newestEvent: 'type of the newest event; null when there is none',
    newestEventAgoMs: 'how long ago it was',
    unavailable: 'what cannot be told, by name and with the reason',
  },
  costs: {
    vm_events_listener_growth: 'less than 1 ms of main: it counts the listeners of at most 20 emitters',
  },
  thresholds: [
    { what: 'long collection', value: '100 ms', source: 'clinic doctor: an issue' },
    {
      what: 'stall',
      value: '100 ms',
      source: 'a tenth of a second is felt as a delay (Nielsen, Usability Engineering)',
    },
    {
      what: 'heap near its limit',
      value: '85 %, until below 80 %',
      source: 'V8 collects ever more often above it; the gap keeps it from flickering',
    },
    { what: 'busy loop', value: 'utilization 0.9 for 5 s', source: 'clinic doctor: a median of 95 %' },
    {
      what: 'listener leak',
      value: '10 more listeners since the warning',
      source: "Node's own limit, events.defaultMaxListeners, once more",
    },
    {
      what: 'repeated warning',
      value: "3 in 5 minutes; of the app's own, 10",
      source: 'Node tells most of its warnings once per process',
    },
    {
      what: 'large request',
      value: '1 MB in or out',
      source: 'nginx refuses a larger body by default (client_max_body_size 1m); body-parser one of 100 kB',
    },
  ],
};
