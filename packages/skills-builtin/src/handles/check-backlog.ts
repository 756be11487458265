// The check `handles.write_backlog`: more is written to a socket than its peer reads, and it piles up in memory. A large
// answer on its way drains; it is silent. Pure.
import type { Check, Conclusion, JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, placeOf, textOf } from '../evidence.ts';
import { sum } from '../statistics.ts';
import { figure, functionSubject, mb, megabytes, place } from '../wording.ts';

/** 64 times what a socket takes before it asks the writer to wait (high-water mark of 64 KB). */
const LEAST_MB = 4;
/** Less on one socket is one answer. */
const LEAST_BYTES = 1_048_576;
const CRITICAL_MB = 256;
const NAMED = 3;

export const writeBacklog: Check = {
  id: 'handles.write_backlog',
  when: (snapshot) => {
    const bufferedMb = numberOf(snapshot.bufferedWritesMb);
    return bufferedMb < LEAST_MB || snapshot.mainBlocked === true ? undefined : { bufferedMb };
  },
  investigate: 'return await handles_backlog(2);',
  conclude: (evidence) => conclude(evidence),
  explains: ['runtime.memory_growth', 'allocator.external_growth', 'allocator.native_growth'],
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  const growing = listOf(evidence).filter(
    ({ bufferedBytes, grownBytes }) => numberOf(bufferedBytes) >= LEAST_BYTES && numberOf(grownBytes) > 0,
  );
  const totalMb = megabytes(sum(growing.map(({ bufferedBytes }) => numberOf(bufferedBytes))));
  const [worst] = growing;
  if (worst === undefined || totalMb < LEAST_MB) return undefined;
  const [opener, writer] = [placeOf(worst.opener), placeOf(worst.writer)];
  const culprit = writer ?? opener;
  return {
    severity: totalMb >= CRITICAL_MB ? 'critical' : 'warning',
    context: `${mb(totalMb)} of writes to ${growing.length === 1 ? 'one socket' : `${figure(growing.length)} sockets`} wait in memory for peers that do not read.`,
    observation: `${describe(worst)} holds ${mb(megabytes(numberOf(worst.bufferedBytes)))}, ${mb(megabytes(numberOf(worst.grownBytes)))} more than 2 s before; it took ${mb(megabytes(numberOf(worst.sentBytes)))} meanwhile.${writer === undefined ? '' : ` ${place(writer)} wrote ${figure(numberOf(worst.writes))} times to it in this time.`}${opener === undefined ? '' : ` ${place(opener)} opened it.`}`,
    hypothesis: `${writer?.name ?? 'The writer'} goes on although write() has returned false (no wait for "drain", no pipeline, no end for who does not read).`,
    subjects: [
      ...(culprit === undefined ? [] : [functionSubject(culprit, growing.length, 'sockets')]),
      ...peersOf(growing)
        .slice(0, NAMED)
        .map(([name, bytes]) => ({
          kind: 'peer' as const,
          name,
          value: megabytes(bytes),
          unit: 'MB',
        })),
    ],
  };
}

const describe = ({ peer, direction, localPort }: JsonObject): string =>
  direction === 'incoming'
    ? `The connection from ${textOf(peer)} by port ${numberOf(localPort)}`
    : `The connection to ${textOf(peer)}`;

/** Bytes by peer, most first: several connections of one peer are one culprit. */
const peersOf = (sockets: readonly JsonObject[]): readonly (readonly [string, number])[] =>
  [...Map.groupBy(sockets, ({ peer }) => textOf(peer))]
    .map(([peer, some]) => [peer, sum(some.map(({ bufferedBytes }) => numberOf(bufferedBytes)))] as const)
    .toSorted((a, b) => b[1] - a[1]);
