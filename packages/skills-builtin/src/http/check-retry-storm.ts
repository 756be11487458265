// The check `http.retry_storm`: a peer fails, and is asked far more often because of that. Who asks again is named where
// one function does most of it and failures are seen to be repeated. Pure.
import type { Check, Conclusion, JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, type Place, placeOf, textOf } from '../evidence.ts';
import { median } from '../statistics.ts';
import { figure, functionSubject, ms, percent, place } from '../wording.ts';
import { hasRatio, isAskedMore, isStorm, objectsOf } from './judge.ts';

/** Fewer stacks than that tell of chance. */
const SAMPLES = 5;
const MOST = 0.6;
/** The first delay of a usual backoff (AWS SDK: 100 ms). */
const AT_ONCE_MS = 100;

export const retryStorm: Check = {
  id: 'http.retry_storm',
  when: (snapshot) => {
    const suspects = Array.isArray(snapshot.stormyPeers) ? snapshot.stormyPeers : [];
    return suspects.length === 0 ? undefined : { suspects };
  },
  investigate: `const [asked, callers] = [await http_peers(1), await http_callers(10)];
return { ...asked, callers };`,
  conclude: (evidence) => conclude(evidence),
  // It keeps a peer failing that would be well with the usual load.
  explains: [
    'http.slow_peer',
    'http.error_burst',
    'http.pool_queue',
    'overload.in_flight_growth',
    'runtime.cpu_hot',
    'exceptions.error_burst',
    'logger.error_burst',
  ],
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  const { peers, callers } = objectOf(evidence);
  const storms = listOf(peers).filter(isStorm);
  const [worst] = storms;
  if (worst === undefined) return undefined;
  const { present, usual } = objectsOf(worst);
  const peer = textOf(worst.name);
  const repeating = repeatingOf(callers, peer);
  // Where repeating is not seen both rates must tell: what is quiet at times is asked more often at others, and the share
  // of what is asked rises when less is served.
  if (repeating === undefined && !(hasRatio(worst) && isAskedMore(worst, 'perSecond'))) return undefined;
  const by = repeating?.function;
  const perServed =
    typeof present.perServed === 'number'
      ? ` For each request that is served it is asked ${figure(present.perServed)} times, usual: ${figure(numberOf(usual.perServed))}.`
      : '';
  return {
    severity: 'warning',
    context: `${peer} fails ${figure(numberOf(present.failedPercent))} % of what it is asked.`,
    observation: `It is asked ${figure(numberOf(present.perSecond))} times per second, usual: ${figure(numberOf(usual.perSecond))}.${perServed}${repeatingText(repeating)}`,
    hypothesis: hypothesisOf(repeating),
    subjects: [
      ...(by === undefined ? [] : [functionSubject(by, 100 * (repeating?.share ?? 0), '%')]),
      ...storms.slice(0, 3).map((row) => ({
        kind: 'peer' as const,
        name: textOf(row.name),
        value: numberOf(objectsOf(row).present.perSecond),
        unit: 'requests/s',
      })),
    ],
  };
}

interface Repeating {
  readonly stacks: number;
  readonly afterMs: number;
  /** The one that most of them begin in. */
  readonly function: Place | undefined;
  readonly share: number;
}

/** Who asks again for what has failed just before: after a failure main comes back into whoever decided to. */
function repeatingOf(callers: JsonValue | undefined, peer: string): Repeating | undefined {
  const own = listOf(callers).filter((one) => one.peer === peer && numberOf(one.again) > 0);
  const stacks = own.reduce(againOf, 0);
  if (stacks < SAMPLES) return undefined;
  const byFunction = Map.groupBy(own, ({ from }) => {
    const { name, file } = objectOf(from);
    return `${textOf(name)} ${textOf(file)}`;
  });
  const [most = []] = [...byFunction.values()].sort((a, b) => b.reduce(againOf, 0) - a.reduce(againOf, 0));
  const share = most.reduce(againOf, 0) / stacks;
  return {
    stacks,
    afterMs: median(own.map(({ againMs }) => numberOf(againMs))),
    function: share >= MOST ? placeOf(most[0]?.from) : undefined,
    share,
  };
}

const againOf = (sum: number, { again }: JsonObject): number => sum + numberOf(again);

function repeatingText(repeating: Repeating | undefined): string {
  if (repeating === undefined) return '';
  const { stacks, afterMs, function: by, share } = repeating;
  return ` ${figure(stacks)} requests that were looked at repeat one that had failed ${ms(afterMs)} before (median)${by === undefined ? '' : `; ${percent(share)} of them are made from ${place(by)}`}.`;
}

function hypothesisOf(repeating: Repeating | undefined): string {
  const by = repeating?.function;
  const who = by === undefined ? '' : `${by.name} asks again when a request has failed. `;
  const when =
    repeating === undefined || repeating.afterMs < AT_ONCE_MS ? 'at once' : `after ${ms(repeating.afterMs)}`;
  return `${who}Failed requests are repeated ${when}, which adds load to a peer that fails already and may keep it failing.`;
}
