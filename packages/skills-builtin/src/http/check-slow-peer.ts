// The check `http.slow_peer`: something that is asked for has become slow, fails, or does not answer. Pure.
import type { Check, Conclusion, JsonObject, JsonValue, Subject } from '@nodelens/core';
import { listOf, numberOf, objectOf, textOf } from '../evidence.ts';
import { figure, ms, round } from '../wording.ts';
import { LONG_MS } from './in-flight.ts';
import { ENOUGH, isFailing, isOwnDelay, isSlowPeer, objectsOf } from './judge.ts';

const HANGING = 3;
/** A peer that takes so long at other times hangs by design (long polling). */
const PROMPT_MS = 1_000;
/** From the start on, so that nothing is known of before: 1 s is where a user's flow of thought breaks (Nielsen). */
const SLOW_AT_ONCE_MS = 1_000;
const YOUNG_SECONDS = 120;

export const slowPeer: Check = {
  id: 'http.slow_peer',
  when: (snapshot) => {
    const suspects = Array.isArray(snapshot.suspectPeers) ? snapshot.suspectPeers : [];
    const isHanging =
      numberOf(snapshot.outgoingInFlight) >= HANGING && numberOf(snapshot.oldestOutgoingMs) >= LONG_MS;
    return suspects.length === 0 && !isHanging ? undefined : { suspects, isHanging };
  },
  investigate: `const [peers, inFlight] = await Promise.all([http_peers(5), http_in_flight().catch(() => null)]);
return { ...peers, inFlight };`,
  conclude: (evidence) => conclude(evidence),
  explains: [
    'http.slow_route',
    'http.error_burst',
    'http.pool_queue',
    'overload.in_flight_growth',
    'exceptions.dependency_errors',
    'exceptions.error_burst',
    'logger.error_burst',
    'logger.new_error',
  ],
};

interface Guilty {
  readonly peer: string;
  readonly what: string;
  readonly subject: Subject;
  readonly lostMs: number;
  readonly isGraded: boolean;
}

function conclude(evidence: JsonValue): Conclusion | undefined {
  const { peers, main, inFlight, served } = objectOf(evidence);
  const groups = listOf(objectOf(inFlight).groups).filter(({ side }) => side === 'client');
  const rows = listOf(peers);
  const known = new Set(rows.map(({ name }) => textOf(name)));
  const silent = groups.filter(({ name }) => !known.has(textOf(name))).map(({ name = '' }) => ({ name }));
  const judged = [...rows, ...silent].flatMap((row) => {
    const hanging = groups.find(({ name }) => name === row.name);
    return (
      failing(row) ??
      hangs(row, hanging) ??
      slow(row, objectOf(main)) ??
      slowAtOnce(row, objectOf(main), objectOf(served)) ??
      []
    );
  });
  const guilty = judged.sort((a, b) => b.lostMs - a.lostMs);
  const [worst] = guilty;
  if (worst === undefined) return undefined;
  const others = guilty.slice(1).map(({ peer }) => peer);
  return {
    severity: worst.isGraded ? 'warning' : 'info',
    context: `Of ${rows.length === 1 ? 'one peer that is' : `${Math.max(rows.length, guilty.length)} peers that are`} asked over HTTP, ${guilty.length === 1 ? 'one' : guilty.length} ${guilty.length === 1 ? 'is' : 'are'} out of line: ${guilty
      .slice(0, 3)
      .map(({ peer }) => peer)
      .join(', ')}. ${ownWork(objectOf(main))}`,
    observation: `${worst.what}${others.length === 0 ? '' : ` The same holds, to a lesser degree, for ${others.slice(0, 3).join(', ')}.`}`,
    hypothesis: `${worst.peer}, or the way to it, is the cause of what waits for it here.`,
    subjects: guilty.slice(0, 3).map(({ subject }) => subject),
  };
}

const ownWork = (main: JsonObject): string =>
  `The loop of the main thread was ${ms(numberOf(main.delayP99Ms))} late at most in 99 of 100 turns.`;

function failing(row: JsonObject): readonly Guilty[] | undefined {
  if (!isFailing(row)) return undefined;
  const { present, usual } = objectsOf(row);
  const percent = numberOf(present.failedPercent);
  const codes = Object.entries(objectOf(row.codes))
    .sort(([, a], [, b]) => Number(b) - Number(a))
    .slice(0, 3)
    .map(([code, count]) => `${code} ${figure(numberOf(count))} times`);
  return [
    guiltyOf(row, {
      what: `${textOf(row.name)} failed ${figure(numberOf(present.failures))} of ${figure(numberOf(present.count))} requests within ${figure(numberOf(present.windowSeconds))} s${codes.length === 0 ? '' : ` (in the last 5 minutes: ${codes.join(', ')})`}${numberOf(usual.slices) > 0 ? `; usual: ${figure(numberOf(usual.failedPercent))} %` : ''}.`,
      value: percent,
      unit: '% failed',
      lostMs: numberOf(present.failures) * Math.max(SLOW_AT_ONCE_MS, numberOf(present.p50Ms)),
    }),
  ];
}

function hangs(row: JsonObject, group: JsonObject | undefined): readonly Guilty[] | undefined {
  const { usual } = objectsOf(row);
  // What it answers as late as that is asked for like this by design (long polls), beside what is short.
  const long = numberOf(group?.unansweredLong) - numberOf(row.answeredLate);
  const isPrompt = numberOf(usual.count) >= ENOUGH && numberOf(usual.p95Ms) < PROMPT_MS;
  if (group === undefined || long < HANGING || !isPrompt) return undefined;
  return [
    guiltyOf(row, {
      what: `${textOf(row.name)} has not answered ${figure(long)} requests for ${figure(LONG_MS / 1000)} s and more, the oldest for ${ms(numberOf(group.oldestMs))}; usual: 95 of 100 within ${ms(numberOf(usual.p95Ms))}.`,
      value: numberOf(group.oldestMs),
      unit: 'ms',
      lostMs: long * numberOf(group.oldestMs),
    }),
  ];
}

function slow(row: JsonObject, main: JsonObject): readonly Guilty[] | undefined {
  const risen = numberOf(row.risenMs);
  if (!isSlowPeer(row) || isOwnDelay(main, risen)) return undefined;
  const { present, usual } = objectsOf(row);
  return [
    guiltyOf(row, {
      what: `${textOf(row.name)} answers half of ${figure(numberOf(present.count))} requests within ${ms(numberOf(present.p50Ms))}, usual: ${ms(numberOf(usual.p50Ms))}; of what it is asked, ${figure(numberOf(row.slowerPercent))} % takes three times as long as usual or longer.`,
      value: numberOf(present.p50Ms),
      unit: 'ms',
      lostMs: risen * numberOf(present.count),
    }),
  ];
}

/** Nothing is known of before: told only while that is so, and when what is served waits for it. */
function slowAtOnce(row: JsonObject, main: JsonObject, served: JsonObject): readonly Guilty[] | undefined {
  const { present, usual } = objectsOf(row);
  const p50Ms = numberOf(present.p50Ms) - numberOf(present.queuedMs);
  const isUnknown =
    numberOf(usual.slices) === 0 && numberOf(served.recordedSeconds, YOUNG_SECONDS) < YOUNG_SECONDS;
  const isFelt = numberOf(served.p50Ms) >= p50Ms / 2;
  if (!isUnknown || !isFelt || numberOf(present.count) < ENOUGH || p50Ms < SLOW_AT_ONCE_MS) return undefined;
  if (isOwnDelay(main, p50Ms)) return undefined;
  return [
    {
      ...guiltyOf(row, {
        what: `${textOf(row.name)} answers half of ${figure(numberOf(present.count))} requests within ${ms(p50Ms)}; what was usual before recording began is not known.`,
        value: p50Ms,
        unit: 'ms',
        lostMs: p50Ms * numberOf(present.count),
      }),
      isGraded: false,
    },
  ];
}

function guiltyOf(
  row: JsonObject,
  { what, value, unit, lostMs }: { what: string; value: number; unit: string; lostMs: number },
): Guilty {
  const peer = textOf(row.name);
  const subject: Subject = { kind: 'peer', name: peer, value: round(value), unit };
  return { peer, what, subject, lostMs, isGraded: true };
}
