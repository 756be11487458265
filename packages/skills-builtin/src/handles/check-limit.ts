// The check `handles.near_limit`: most of the descriptors that the process may have are open. Pure.
import type { Check, Conclusion, JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, textOf } from '../evidence.ts';
import { figure } from '../wording.ts';

/** Our choice, as for disks: a burst of a fifth more is met by EMFILE. */
const NEAR_PERCENT = 80;
const CRITICAL_PERCENT = 95;
const CRITICAL_MINUTES = 10;
const WORTH_NAMING = 10;

export const nearLimit: Check = {
  id: 'handles.near_limit',
  when: (snapshot) => {
    const usedPercent = numberOf(snapshot.fdUsedPercent);
    return usedPercent < NEAR_PERCENT ? undefined : { usedPercent };
  },
  investigate: 'return { limits: await handles_limits(), growth: await handles_growth(15) };',
  conclude: (evidence) => conclude(evidence),
  explains: ['exceptions.error_burst'],
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  const { limits, growth } = objectOf(evidence);
  const { openFds, fdLimit, fdUsedPercent, fdPerMinute, minutesToFdLimit } = objectOf(limits);
  const used = numberOf(fdUsedPercent);
  if (used < NEAR_PERCENT) return undefined;
  const minutes = typeof minutesToFdLimit === 'number' ? minutesToFdLimit : undefined;
  const isCritical = used >= CRITICAL_PERCENT || (minutes !== undefined && minutes <= CRITICAL_MINUTES);
  return {
    severity: isCritical ? 'critical' : 'warning',
    context: `${figure(numberOf(openFds))} of ${figure(numberOf(fdLimit))} descriptors that the process may open are open (${figure(used)} %).${minutes === undefined ? ' Their number does not grow.' : ` They grow by ${figure(numberOf(fdPerMinute))} per minute: the limit is met in ${figure(minutes)} minutes.`}`,
    observation: sharesOf(objectOf(growth)),
    hypothesis: 'At the limit every open and every connection fails with EMFILE.',
    subjects: [
      { kind: 'process', name: 'file descriptors', value: numberOf(openFds), unit: 'descriptors' },
      ...largest(objectOf(growth)).map((name) => ({ kind: 'resource' as const, name })),
    ],
  };
}

function sharesOf({ byKind, files, peers }: JsonObject): string {
  const kinds = most(byKind)
    .slice(0, 3)
    .map(({ kind, to }) => `${figure(numberOf(to))} of kind ${textOf(kind)}`);
  const groups = [
    ...most(files)
      .slice(0, 1)
      .map(({ name, to }) => `${figure(numberOf(to))} files ${textOf(name)}`),
    ...most(peers)
      .slice(0, 1)
      .map(({ name, to }) => `${figure(numberOf(to))} connections to ${textOf(name)}`),
  ];
  return `They are ${kinds.join(', ')}.${groups.length === 0 ? '' : ` Among them ${groups.join(' and ')}.`}`;
}

const most = (groups: JsonValue | undefined): readonly JsonObject[] =>
  listOf(groups)
    .filter(({ to }) => numberOf(to) >= WORTH_NAMING)
    .toSorted((a, b) => numberOf(b.to) - numberOf(a.to));

/** The path or peer that has most. */
const largest = ({ files, peers }: JsonObject): readonly string[] =>
  [...most(files), ...most(peers)]
    .toSorted((a, b) => numberOf(b.to) - numberOf(a.to))
    .slice(0, 1)
    .map(({ name }) => textOf(name));
