// The check `exceptions.dependency_errors`: one peer cannot be reached, for longer than a restart takes. Pure.
import type { Check, Conclusion, JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, placeOf, textOf } from '../evidence.ts';
import { figure, place } from '../wording.ts';
import { seconds } from './telling.ts';

/** More than one in a second: requests wait for it. */
const CRITICAL = 60;
const NAMED = 3;

const MEANINGS: { readonly [code: string]: string } = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the name is not known',
  EAI_AGAIN: 'the name server does not answer',
  ETIMEDOUT: 'it does not answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer in time',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  ECONNRESET: 'it breaks connections off',
  UND_ERR_SOCKET: 'it breaks connections off',
};

export const dependencyErrors: Check = {
  id: 'exceptions.dependency_errors',
  when: ({ failingPeers, failingPeer }) =>
    numberOf(failingPeers) > 0 ? { peer: textOf(failingPeer) } : undefined,
  investigate: `return (await exceptions_peers(1)).filter(({ isFailing }) => isFailing);`,
  conclude,
  explains: [
    'exceptions.error_burst',
    'exceptions.new_error',
    'exceptions.unhandled_rejections',
    'logger.error_burst',
    'logger.new_error',
    'http.error_burst',
    'http.slow_route',
  ],
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  const found = listOf(evidence);
  const [worst] = found;
  if (worst === undefined) return undefined;
  const [code = ''] = Object.keys(objectOf(worst.codes));
  const meaning = MEANINGS[code];
  const errors = numberOf(worst.errors);
  return {
    severity: errors >= CRITICAL ? 'critical' : 'warning',
    context: `${textOf(worst.peer)} could not be reached ${figure(errors)} times within the last minute${found.length === 1 ? '' : `; the same holds for ${figure(found.length - 1)} more`}.`,
    observation: `Connections to it have been failing for ${seconds(numberOf(worst.runMs))} without a break, ${code === '' ? 'without a code' : `most with ${code}`}${meaning === undefined ? '' : ` (${meaning})`}.${asking(worst)}`,
    hypothesis: 'The errors of what needs this peer are consequences.',
    subjects: found.slice(0, NAMED).map((one) => ({
      kind: 'peer',
      name: textOf(one.peer),
      value: numberOf(one.errors),
      unit: 'errors',
    })),
  };
}

function asking({ operations, place: by }: JsonObject): string {
  const named = Array.isArray(operations) ? operations.filter((one) => one !== 'connection') : [];
  const where = placeOf(by);
  const parts = [
    ...(named.length === 0 ? [] : [`by ${named.join(', ')}`]),
    ...(where === undefined ? [] : [`in ${place(where)}`]),
  ];
  return parts.length === 0 ? '' : ` It was asked ${parts.join(' ')}.`;
}
