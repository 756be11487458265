// The flight recorder put together: the events of all sources as one list, newest first.
import type { ProbeFeed, RecorderContext } from '@nodelens/core';
import { isWithin, newestFirst, type VmEvent } from './event.ts';
import { keepLargeRequests, type LargeRequests } from './large-requests.ts';
import { keepPauses } from './pauses.ts';
import { eventsOfVitals } from './vitals-events.ts';
import { eventOfWarning, keepWarnings, type Warnings } from './warnings.ts';

/** The first seconds of a process load modules and make a heap: they are no jump and no burst. In ms. */
const STARTING_MS = 5_000;

export interface FlightLog {
  /** Those of which some lies in the last `windowMs`. */
  since(windowMs: number, heapLimitMb: number | undefined): readonly VmEvent[];
  readonly warnings: Warnings;
  readonly largeRequests: LargeRequests;
}

export interface Feeds {
  /** Of the probe `requests`. */
  readonly requests: ProbeFeed;
  /** Of the skill's own probe. */
  readonly warnings: ProbeFeed;
}

export function createFlightLog(context: RecorderContext, feeds: Feeds): FlightLog {
  const pauses = keepPauses(context);
  const warnings = keepWarnings(feeds.warnings);
  const largeRequests = keepLargeRequests(feeds.requests);
  return {
    warnings,
    largeRequests,
    since(windowMs, heapLimitMb) {
      const now = context.now();
      // What began before the window is told by its end too, so a little more is looked at.
      const samples = context.vitals
        .since(2 * windowMs)
        .filter(({ atMs }) => atMs >= context.startedAtMs + STARTING_MS);
      const events = [
        ...pauses.events(),
        ...eventsOfVitals(samples, heapLimitMb),
        ...warnings.all().map(eventOfWarning),
        ...largeRequests.all(),
      ];
      return newestFirst(events.filter((event) => isWithin(event, now - windowMs, now)));
    },
  };
}
