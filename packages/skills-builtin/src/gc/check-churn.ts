// The check `gc.churn`: collections take a large share of main's time; the function that allocates most is named.
// Pure.
import type { Check, Conclusion, Finding, JsonObject, JsonValue, Severity } from '@nodelens/core';
import { listOf, numberOf, objectOf, placeOf } from '../evidence.ts';
import { withNamedCaller } from '../named-caller.ts';
import { figure, functionSubject, mb, percent, place } from '../wording.ts';

/** A first look; what a busy server spends by itself is 1 to 5 %. */
const LOOK_PERCENT = 5;
/** clinic doctor: 100 ms of collections within a second are an issue. */
const CHURN_PERCENT = 10;
const CRITICAL_PERCENT = 25;
/** The young generation is collected cheaply where all in it is garbage: making it is what takes main's time. */
const BUSY_CPU_PERCENT = 60;
const BUSY_MINORS_PER_SECOND = 1;
/** Below the limit above, one function must make most of a high rate to be worth a word. */
const HIGH_MB_PER_SECOND = 150;
const DOMINANT_SHARE = 0.5;
const NAMED_SHARE = 0.2;

export const churn: Check = {
  id: 'gc.churn',
  when: (snapshot) => {
    const share = numberOf(snapshot.pauseShare10sPercent);
    const minor = numberOf(snapshot.minorPerSecond10s);
    const isBusy =
      numberOf(snapshot.processCpu10sPercent) >= BUSY_CPU_PERCENT && minor >= BUSY_MINORS_PER_SECOND;
    return share < LOOK_PERCENT && !isBusy
      ? undefined
      : { pauseShare10sPercent: share, minorPerSecond10s: minor };
  },
  // A main that churns may be too busy to tell of room within its deadline; that must not cost the name.
  investigate: `const stats = await gc_stats(10);
const allocators = await gc_top_allocators(2);
return { stats, allocators, room: await gc_room().catch(() => null) };`,
  conclude: (evidence, finding) => conclude(evidence, finding),
  explains: ['gc.long_pause', 'runtime.cpu_hot', 'overload.loop_saturated', 'vm-events.gc_burst'],
};

function conclude(evidence: JsonValue, finding: Finding): Conclusion | undefined {
  const stats = objectOf(objectOf(evidence).stats);
  const allocators = objectOf(objectOf(evidence).allocators);
  // What makes V8 collect the whole heap over and over is then the limit, not how much a function allocates.
  const isForWantOfRoom = objectOf(objectOf(evidence).room).isTooSmall === true;
  const share = isForWantOfRoom
    ? minorSharePercent(stats)
    : Math.max(numberOf(stats.pauseSharePercent), numberOf(finding.pauseShare10sPercent));
  const rate = numberOf(allocators.mbPerSecond);
  const [top] = listOf(allocators.sites);
  const topShare = numberOf(top?.share);
  if (share < CHURN_PERCENT && !(rate >= HIGH_MB_PER_SECOND && topShare >= DOMINANT_SHARE)) return undefined;
  const context = `${isForWantOfRoom ? 'Collecting the young generation' : 'Garbage collection'} took ${figure(share)} % of the main thread's time within the last 10 s, with ${figure(numberOf(objectOf(stats.minor).perMinute) / 60)} minor collections per second.`;
  const culprit = placeOf(top);
  if (culprit === undefined || topShare < NAMED_SHARE)
    return {
      severity: severityOf(share),
      context,
      observation: `Main allocates ${mb(rate)} per second; no function stands out.`,
      subjects: [{ kind: 'process', name: 'heap', value: rate, unit: 'MB/s' }],
    };
  const caller = placeOf(listOf(top?.callers)[0]);
  return {
    severity: severityOf(share),
    context,
    observation: `${place(culprit)} allocated ${percent(topShare)} of ${mb(rate)} per second${caller === undefined ? '' : `; it is called by ${place(caller)}`}.`,
    hypothesis: `${culprit.name} churns garbage: what it allocates is dropped at once, and collecting it takes main's time.`,
    subjects: withNamedCaller(top).map((one) => functionSubject(one, rate * topShare, 'MB/s')),
  };
}

const minorSharePercent = ({ minor, windowSeconds }: JsonObject): number =>
  (100 * numberOf(objectOf(minor).totalMs)) / (1_000 * numberOf(windowSeconds, 1));

const severityOf = (share: number): Severity => (share >= CRITICAL_PERCENT ? 'critical' : 'warning');
