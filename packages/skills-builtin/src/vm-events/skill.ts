// The skill `vm-events` on the recorder thread: one list of what happened, drawn from the rings and the probe.
import type { JsonObject, ProbeFeed, RecorderContext, Skill } from '@nodelens/core';
import { heapLimitReader } from '../heap-limit.ts';
import { max } from '../statistics.ts';
import { megabytes, round } from '../wording.ts';
import { burstsOf } from './bursts.ts';
import { type Sources, vmEventsCallbacks } from './callbacks.ts';
import { countOf } from './figures.ts';
import { createFlightLog, type Feeds } from './flight-log.ts';
import { vmEventsChecks, vmEventsKeywords, vmEventsPrompt } from './knowledge.ts';
import { largestBytes } from './large-requests.ts';
import { kindsOf, LISTENER_WARNING } from './warnings.ts';

const MINUTE_MS = 60_000;
const WINDOW_MS = 15 * MINUTE_MS;

export function createVmEventsSkill(
  context: RecorderContext,
  _options: JsonObject,
  requests: ProbeFeed,
  warnings: ProbeFeed,
): Skill {
  const feeds: Feeds = { requests, warnings };
  const readHeapLimit = heapLimitReader(context);
  const sources: Sources = {
    context,
    feed: warnings,
    log: createFlightLog(context, feeds),
    readHeapLimit,
  };
  return {
    id: 'vm-events',
    title: 'Runtime events',
    description:
      'Flight recorder of the last hour: long collections, stalls, heap near its limit, busy loop, memory jumps, process warnings and large requests, also from before anybody asked; names the code that leaks listeners',
    systemPrompt: vmEventsPrompt,
    keywords: vmEventsKeywords,
    snapshot: async () => snapshotOf(sources, feeds, await readHeapLimit()),
    callbacks: vmEventsCallbacks(sources),
    checks: vmEventsChecks,
  };
}

function snapshotOf({ context, log }: Sources, feeds: Feeds, heapLimitMb: number | undefined): JsonObject {
  const now = context.now();
  const events = log.since(WINDOW_MS, heapLimitMb);
  const within = (type: Parameters<typeof countOf>[1], minutes: number): number =>
    countOf(events, type, now - minutes * MINUTE_MS);
  const recentGc = events.filter(({ type, atMs }) => type === 'long-gc' && atMs >= now - 5 * MINUTE_MS);
  const recentStalls = events.filter(({ type, atMs }) => type === 'stall' && atMs >= now - 5 * MINUTE_MS);
  const heapUsedMb = context.vitals.newest(1)[0]?.heapUsedMb;
  const newest = events[0];
  return {
    longGc1m: within('long-gc', 1),
    longGc5m: within('long-gc', 5),
    longGc15m: within('long-gc', 15),
    longestGc5mMs: max(recentGc.map(({ facts }) => Number(facts.ownMs))),
    // gc.long_pause looks at the last minute.
    pastGcBursts15m: burstsOf(events).filter(({ endedAtMs }) => endedAtMs < now - MINUTE_MS).length,
    stalls1m: within('stall', 1),
    stalls5m: within('stall', 5),
    stalls15m: within('stall', 15),
    longestStall5mMs: max(recentStalls.map(({ durationMs = 0 }) => durationMs)),
    heapUsedPercent:
      heapUsedMb === undefined || heapLimitMb === undefined
        ? undefined
        : round((100 * heapUsedMb) / heapLimitMb),
    heapNearLimitEdges15m: events.filter(({ facts }) => facts.edge === 'up').length,
    busyLoops15m: within('busy-loop', 15),
    rssJumps15m: within('rss-jump', 15),
    warnings1m: within('warning', 1),
    warnings5m: within('warning', 5),
    warnings15m: within('warning', 15),
    ...warningFigures(log.warnings, now),
    droppedWarnings: feeds.warnings.dropped,
    largeRequests1m: within('large-request', 1),
    largeRequests5m: within('large-request', 5),
    largeRequests15m: within('large-request', 15),
    largestRequest15mMb: megabytes(largestBytes(events)),
    droppedLargeRequests: log.largeRequests.untold(),
    newestEvent: newest?.type ?? null,
    newestEventAgoMs: newest === undefined ? null : Math.max(0, now - newest.atMs),
    unavailable: unavailable(feeds, heapLimitMb),
  };
}

/** `listenerWarnings` counts all that are kept: a leak goes on long after its one warning. */
function warningFigures({ all, ofListeners }: Sources['log']['warnings'], now: number): JsonObject {
  const recent = all().filter(({ name, atMs }) => name !== LISTENER_WARNING && atMs >= now - 5 * MINUTE_MS);
  const [top] = kindsOf(recent);
  return {
    listenerWarnings: ofListeners().length,
    repeatedWarning: top?.name ?? null,
    repeatedWarning5mCount: top?.count ?? 0,
  };
}

/** What cannot be told, by name. */
const unavailable = ({ requests, warnings }: Feeds, heapLimitMb: number | undefined): readonly string[] => [
  ...(warnings.failure === undefined ? [] : [`warnings: ${warnings.failure}`]),
  ...(requests.failure === undefined ? [] : [`large-requests: ${requests.failure}`]),
  ...(heapLimitMb === undefined ? ['heap-limit: main has not told the limit of its heap yet'] : []),
];
