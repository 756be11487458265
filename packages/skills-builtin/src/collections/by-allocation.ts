// What is concluded when no collection explains the growth by what is seen of it: the function whose allocations stay
// alive, if one stands out, and what is likely to keep them where something does that hides it. Pure.
import type { Conclusion, Finding, JsonObject, Subject } from '@nodelens/core';
import { listOf, numberOf, placeOf, textOf } from '../evidence.ts';
import { withNamedCaller } from '../named-caller.ts';
import { sum } from '../statistics.ts';
import { figure, functionSubject, mb, percent, place } from '../wording.ts';
import { collectionSubject } from './subject.ts';

const NAMED_SHARE = 0.4;
/** The grain of the sampler: a leak is on top after 1 to 3 MB. */
export const GROWN_MB = 3;
const WARM_UP_SECONDS = 60;
/** Of the growth that the floor has shown so far. */
const STEADY_SHARE = 0.6;

/** Who keeps what was allocated, as far as the evidence goes. */
interface Keeper {
  readonly observation: string;
  readonly hypothesis: string;
  readonly subjects: readonly Subject[];
}

/** @param context what is known of the growth of the heap, as a sentence */
export function byAllocation(found: JsonObject, finding: Finding, context: string): Conclusion | undefined {
  const sites = listOf(found.growingSites);
  const heapGrownMb = numberOf(found.heapGrownMb);
  const grownMb = numberOf(sites[0]?.grownMb);
  const share = grownMb / Math.max(1, heapGrownMb, sum(sites.map((site) => numberOf(site.grownMb))));
  const culprit = placeOf(sites[0]);
  if (culprit === undefined || Math.min(grownMb, heapGrownMb) < GROWN_MB || share < NAMED_SHARE)
    return undefined;
  const keeper =
    raceIn(found, culprit.name, grownMb) ?? hiderIn(found, culprit.name) ?? nobody(found, culprit.name);
  return {
    severity: isSteady(found, finding, grownMb) ? 'warning' : 'info',
    context,
    observation: `The heap grew by ${mb(heapGrownMb)} within ${figure(numberOf(found.heapGrownSeconds))} s, from one full collection to the next; what ${place(culprit)} allocated and is still alive grew by ${mb(grownMb)}, ${percent(share)} of all growth; ${keeper.observation}.`,
    hypothesis: keeper.hypothesis,
    subjects: [
      ...keeper.subjects,
      ...withNamedCaller(sites[0]).map((one) => functionSubject(one, grownMb, 'MB')),
    ],
  };
}

/**
 * A cache that fills to its bound looks the same for a while, but fills ever slower. What is released meanwhile by
 * others, as the work that a main without a core has put off, hides growth of the heap, but none of the site's own.
 */
function isSteady(found: JsonObject, { windowSeconds, mbPerMinute }: Finding, grownMb: number): boolean {
  if (numberOf(windowSeconds) >= WARM_UP_SECONDS) return true;
  const hidden = Math.max(1, grownMb / numberOf(found.heapGrownMb));
  const grownMbPerMinute = hidden * numberOf(found.heapGrownMbPerMinute);
  return grownMbPerMinute >= STEADY_SHARE * numberOf(mbPerMinute, Number.POSITIVE_INFINITY);
}

function raceIn({ racedPromises }: JsonObject, made: string, grownMb: number): Keeper | undefined {
  const [raced] = listOf(racedPromises);
  const racer = placeOf(listOf(raced?.racedBy)[0]);
  if (raced === undefined || racer === undefined) return undefined;
  const name = textOf(raced.name);
  return {
    observation: `${name} is pending, and ${place(racer)} races others against it`,
    hypothesis: `${racer.name} leaves the result of each race with ${name}, which has not settled, so what ${made} makes stays.`,
    subjects: [functionSubject(racer, grownMb, 'MB')],
  };
}

/** The only one that grows meanwhile without a bound and may hold more than can be weighed. */
function hiderIn({ candidates }: JsonObject, made: string): Keeper | undefined {
  const hiding = listOf(candidates).filter(
    ({ opaque, boundedBy, onlyGrows }) =>
      onlyGrows === true && textOf(opaque) !== '' && listOf(boundedBy).length === 0,
  );
  const [hider] = hiding;
  if (hider === undefined || hiding.length > 1) return undefined;
  const name = textOf(hider.name);
  const file = textOf(hider.file);
  const filler = placeOf(listOf(hider.filledBy)[0]);
  return {
    observation: `meanwhile the ${textOf(hider.kind)} ${name}${file === '' ? '' : ` (${file})`} grew to ${numberOf(hider.entries)} entries with ${textOf(hider.opaque)}, which hide what they keep${filler === undefined ? '' : `; ${place(filler)} adds to it`}`,
    hypothesis: `Entries stay in ${name} because its ${textOf(hider.opaque)} never end, and with them what ${made} makes.`,
    subjects: [
      collectionSubject(hider, numberOf(hider.entries), 'entries'),
      ...(filler === undefined
        ? []
        : [functionSubject(filler, numberOf(hider.entriesPerMinute), 'entries/min')]),
    ],
  };
}

const nobody = ({ isComplete }: JsonObject, made: string): Keeper =>
  isComplete === false
    ? {
        observation: 'the look at the collections was cut short, and found none that grows',
        hypothesis: `What ${made} makes is kept by something that was not found.`,
        subjects: [],
      }
    : {
        observation: 'no growing collection was found by name',
        hypothesis: `What ${made} makes is kept by something that the modules, listeners and globals of the app do not lead to.`,
        subjects: [],
      };
