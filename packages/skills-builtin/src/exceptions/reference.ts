// The skill `exceptions` for docs/skills.
import type { Reference } from '../reference.ts';

export const reference: Reference = {
  snapshot: {
    uncaught1m:
      'exceptions that nobody caught (of the process, or that ended a worker thread) within the last minute',
    rejection1m: 'rejections that nobody handled within the last minute',
    handled1m: 'errors that Node, a library or a span told of within the last minute',
    uncaught5m: 'as uncaught1m, within 5 minutes',
    rejection5m: 'as rejection1m, within 5 minutes',
    handled5m: 'as handled1m, within 5 minutes',
    uncaught15m: 'as uncaught1m, within 15 minutes',
    rejection15m: 'as rejection1m, within 15 minutes',
    handled15m: 'as handled1m, within 15 minutes',
    errorsPerMinute5m: 'errors of all three kinds per minute, of the last 5 minutes or since the start',
    uncaughtTotal: 'uncaught exceptions since the start, also those that were not told one by one',
    rejectionTotal: 'unhandled rejections since the start, likewise',
    handledTotal: 'handled errors since the start, likewise; one that a span tells again counts again',
    untoldTotal: 'errors that were not told one by one since the start: too many at once',
    fingerprints: 'different errors that are kept: the 300 seen last',
    newFingerprints5m: 'of them, first seen within 5 minutes',
    newestType: 'class of the newest error; null when there is none',
    newestKind: 'uncaught, rejection or handled; null when there is none',
    newestPlace:
      "the app's innermost function of the newest error, with file and line; else its operation and peer; else null",
    newestAgoMs: 'how long ago it was; null when there is none',
    mostFrequentRejection5m: 'how often the most frequent rejection came within 5 minutes',
    mostFrequentUncaught5m: 'how often the most frequent uncaught exception came within 5 minutes',
    bursts: 'handled errors that come far more often than usual, or for a large share of the requests',
    newErrors: 'handled errors that were not there before and repeat',
    failingPeers: 'peers that cannot be reached at the moment, for longer than a restart takes',
    failingPeer: 'host and port of the one with most errors; null when there is none',
    failingPeerErrors1m: 'its errors within the last minute',
    spans: 'spans of OpenTelemetry: absent, watched, or unknown provider',
    unavailable: 'what cannot be told, by name and with the reason',
  },
  costs: {},
  thresholds: [
    {
      what: 'repeated rejection',
      value: '3 of one kind within 5 minutes; critical from 30',
      source: 'our choice: once may be an accident; 30 is one in ten seconds, all the time',
    },
    {
      what: 'repeated uncaught exception',
      value: '2 of one kind within 5 minutes',
      source:
        'Node.js documentation: it is not safe to go on after an uncaught exception; twice is no accident',
    },
    {
      what: 'burst',
      value:
        '10 in a minute, in a run of 3 s and more, 3 times the usual rate, and 3 standard deviations of a count above it; needs 2 minutes before the last one',
      source:
        "Shewhart's rule (of a count the deviation is its mean's root); fewer than 10 are single failures",
    },
    {
      what: 'burst by share',
      value:
        '10 in a minute, in a run of 3 s and more, and one for every fifth request; critical from every second',
      source: 'our choice, far above what a service level allows (1 % at most)',
    },
    {
      what: 'new error',
      value: 'first seen within 5 minutes, 5 times, in a run of 3 s and more',
      source: 'our choice: that is no single failure and no glitch',
    },
    {
      what: 'quiet before a new error',
      value: '10 times its mean gap, in time and (where they are counted) in requests',
      source: 'an error that has always come at random stays away that long once in 22,000 times (e^-10)',
    },
    {
      what: 'failing peer',
      value: '10 errors within a minute, in a run of 3 s and more; critical from 60',
      source: 'our choice: one that is restarted is gone for a moment; 60 is one a second',
    },
    {
      what: 'broken connections of a peer (ECONNRESET, ECONNABORTED, EPIPE, UND_ERR_SOCKET)',
      value: '60 within a minute',
      source: 'idle connections are reset now and then in every service, not once a second',
    },
    {
      what: 'run',
      value: 'no break of more than 15 s',
      source: 'our choice: a restart is shorter',
    },
    {
      what: 'told one by one',
      value: '300 errors and 20 stacks a second',
      source: 'measured: an error takes main about 10 us, a stack 20 us and more',
    },
  ],
};
