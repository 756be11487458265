// The check `http.retry_storm`: a peer fails, and is asked far more often because of that. Who asks again is named where
// one function does most of it and failures are seen to be repeated. Pure.
import type { Check, Conclusion, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, type Place, placeOf, textOf } from '../evidence.ts';
import { figure, functionSubject, ms, percent, place } from '../wording.ts';
import { isStorm, objectsOf } from './judge.ts';
import { type Repeats, repeatsOf } from './repeats.ts';

/** Fewer stacks than that tell of chance. */
const SAMPLES = 5;
const MOST = 0.6;
/** Of six tries of one caller five repeat; some of the others are cut off by what is kept. */
const REPEATED_SHARE = 0.3;
/** The first delay of a usual backoff (AWS SDK: 100 ms). */
const AT_ONCE_MS = 100;

export const retryStorm: Check = {
  id: 'http.retry_storm',
  when: (snapshot) => {
    const suspects = Array.isArray(snapshot.stormyPeers) ? snapshot.stormyPeers : [];
    return suspects.length === 0 ? undefined : { suspects };
  },
  investigate: `const [asked, errors, callers] = [await http_peers(1), await http_errors(100), await http_callers(10)];
return { ...asked, errors, callers };`,
  conclude: (evidence) => conclude(evidence),
  // It keeps a peer failing that would be well with the usual load.
  explains: ['http.slow_peer', 'http.error_burst', 'http.pool_queue', 'overload.in_flight_growth'],
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  const { peers, errors, callers } = objectOf(evidence);
  const storms = listOf(peers).filter(isStorm);
  const [worst] = storms;
  if (worst === undefined) return undefined;
  const { present, usual } = objectsOf(worst);
  const peer = textOf(worst.name);
  const perServed =
    typeof present.perServed === 'number'
      ? ` For each request that is served it is asked ${figure(present.perServed)} times, usual: ${figure(numberOf(usual.perServed))}.`
      : '';
  const repeats = repeatsOf(listOf(errors), peer);
  const isRepeated = repeats.repeated >= REPEATED_SHARE * repeats.failures && repeats.repeated > 0;
  const asking = isRepeated ? askingMost(callers, peer) : undefined;
  return {
    severity: 'warning',
    context: `${peer} fails ${figure(numberOf(present.failedPercent))} % of what it is asked.`,
    observation: `It is asked ${figure(numberOf(present.perSecond))} times per second, usual: ${figure(numberOf(usual.perSecond))}.${perServed}${repeatsText(repeats)}${asking === undefined ? '' : ` ${percent(asking.share)} of its requests come from ${place(asking.function)}.`}`,
    hypothesis: hypothesisOf(isRepeated ? repeats : undefined, asking),
    subjects: [
      ...(asking === undefined ? [] : [functionSubject(asking.function, 100 * asking.share, '%')]),
      ...storms.slice(0, 3).map((row) => ({
        kind: 'peer' as const,
        name: textOf(row.name),
        value: numberOf(objectsOf(row).present.perSecond),
        unit: 'requests/s',
      })),
    ],
  };
}

const repeatsText = ({ repeated, failures, medianGapMs }: Repeats): string =>
  repeated === 0
    ? ''
    : ` Of its last ${figure(failures)} failures ${figure(repeated)} were asked for again, half of them within ${ms(medianGapMs)}.`;

interface Asking {
  readonly function: Place;
  readonly share: number;
}

/** After a failure main comes back into the function that decides to ask again. */
function askingMost(callers: JsonValue | undefined, peer: string): Asking | undefined {
  const own = listOf(callers).filter((one) => one.peer === peer);
  const all = own.reduce((total, { samples }) => total + numberOf(samples), 0);
  const byFunction = Map.groupBy(
    own,
    ({ from }) => `${textOf(objectOf(from).name)} ${textOf(objectOf(from).file)}`,
  );
  const sums = [...byFunction.values()].map((sites) => ({
    function: placeOf(sites[0]?.from),
    samples: sites.reduce((total, { samples }) => total + numberOf(samples), 0),
  }));
  const [most] = sums.sort((a, b) => b.samples - a.samples);
  if (most?.function === undefined || most.samples < SAMPLES || most.samples < MOST * all) return undefined;
  return { function: most.function, share: most.samples / all };
}

function hypothesisOf(repeats: Repeats | undefined, asking: Asking | undefined): string {
  const who =
    asking === undefined
      ? 'Failed requests are'
      : `${asking.function.name} asks again when a request has failed: they are`;
  const when =
    repeats === undefined || repeats.medianGapMs < AT_ONCE_MS
      ? 'at once'
      : `after ${ms(repeats.medianGapMs)}`;
  return `${who} repeated ${when}, which adds load to a peer that fails already and may keep it failing.`;
}
