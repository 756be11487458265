// The check `handles.socket_leak`: connections to one peer become more while most of them do nothing, or connections that
// the peer has closed are not closed by the process. Pure.
import type { Check, Conclusion, Finding, JsonObject, JsonValue, Subject } from '@nodelens/core';
import { listOf, numberOf, objectOf, placeOf, textOf } from '../evidence.ts';
import { figure, functionSubject, mb, megabytes, percent, place } from '../wording.ts';
import { forecast, severityBy } from './forecast.ts';
import { growsOn } from './growth.ts';

/** Node closes its side in the turn in which it learns that the peer has; ten seconds later so many are a habit. */
export const STUCK = 20;
/** A pool opens a connection when none of its own is idle. */
const IDLE_SHARE = 0.8;
/** On each connection on average: what is left of answers, not of a protocol's pings. */
const LYING_BYTES = 1_024;

export const socketLeak: Check = {
  id: 'handles.socket_leak',
  when: (snapshot) => {
    const stuck = numberOf(snapshot.closeWaitStuck);
    const peer = textOf(snapshot.growingPeer);
    if (snapshot.mainBlocked === true || (stuck < STUCK && peer === '')) return undefined;
    return {
      stuck,
      stuckPeer: textOf(snapshot.closeWaitPeer),
      peer,
      perMinute: numberOf(snapshot.growingPeerPerMinute),
      minutesToFdLimit: snapshot.minutesToFdLimit ?? null,
      fdLimit: snapshot.fdLimit ?? null,
    };
  },
  // The first look is what idleness is told by in the last one.
  investigate: `await handles_by_peer();
let openings = null;
try { openings = await handles_watch_openings(3, 'sockets'); } catch { /* main is in a native call */ }
return { openings, now: await handles_by_peer() };`,
  conclude: (evidence, finding) => concludeStuck(evidence, finding) ?? concludeGrowth(evidence, finding),
  explains: ['handles.near_limit', 'runtime.memory_growth', 'exceptions.error_burst'],
};

function concludeStuck(evidence: JsonValue, finding: Finding): Conclusion | undefined {
  const { now } = objectOf(evidence);
  if (numberOf(finding.stuck) < STUCK) return undefined;
  const worst = listOf(objectOf(now).peers).find(
    ({ peer, closeWait }) => peer === finding.stuckPeer && numberOf(closeWait) >= STUCK,
  );
  if (worst === undefined) return undefined;
  const peer = textOf(worst.peer);
  const isIncoming = worst.direction === 'incoming';
  const opener = isIncoming ? undefined : openerOf(evidence, peer);
  return {
    severity: severityBy(finding),
    context: `${figure(numberOf(worst.closeWait))} ${isIncoming ? `connections that came in by port ${peer.slice(1)}` : `connections to ${peer}`} are in CLOSE_WAIT: the peer has closed them, this process has not.${forecast(finding)}`,
    observation: `${figure(numberOf(finding.stuck))} connections have been so for 10 s or more; ${figure(numberOf(worst.unreadBytes))} bytes lie unread in them.${openedBy(opener)}`,
    hypothesis:
      'The streams are neither read to their end nor destroyed, so Node does not learn that they are over (a response body that nobody consumes, a paused socket).',
    subjects: [
      ...subjectOf(opener),
      { kind: 'peer', name: peer, value: numberOf(worst.closeWait), unit: 'sockets' },
    ],
  };
}

function concludeGrowth(evidence: JsonValue, finding: Finding): Conclusion | undefined {
  const { openings, now } = objectOf(evidence);
  const peer = textOf(finding.peer);
  const isPeer = (one: JsonObject): boolean => one.peer === peer && one.direction !== 'incoming';
  const counted = listOf(objectOf(openings).peers).find(isPeer);
  const known = listOf(objectOf(now).main).find(isPeer);
  const watched = numberOf(known?.watched);
  if (peer === '' || counted === undefined || watched === 0) return undefined;
  const [before, after] = [numberOf(counted.before), numberOf(counted.after)];
  const seconds = numberOf(objectOf(openings).seconds);
  if (!growsOn({ before, after, seconds, perMinute: numberOf(finding.perMinute) })) return undefined;
  const [idle, unread] = [numberOf(known?.idle), numberOf(known?.unread)];
  const idleShare = (idle + unread) / watched;
  if (idleShare < IDLE_SHARE) return undefined;
  const opener = openerOf(evidence, peer);
  const lying = listOf(objectOf(now).peers).find(isPeer);
  const unreadBytes = numberOf(lying?.unreadBytes);
  const isUnread = unread > idle || unreadBytes >= LYING_BYTES * after;
  return {
    severity: severityBy(finding),
    context: `${figure(after)} connections to ${peer} are open, and their number grows by ${figure(numberOf(finding.perMinute))} per minute.${forecast(finding)}`,
    observation: `Of ${figure(watched)} that were watched, ${percent(idleShare)} moved no byte${unread > idle ? `, and on ${figure(unread)} of these an HTTP answer has come whose body nobody reads` : ''}${unreadBytes > 0 ? `; ${mb(megabytes(unreadBytes))} lie unread in the kernel` : ''}.${openedBy(opener)}`,
    hypothesis: isUnread
      ? `${opener?.name ?? 'Some code'} does not read the answers to their end (no resume(), no cancel()): each keeps its connection, and the next request opens another.`
      : `${opener?.name ?? 'Some code'} opens a connection each time it runs instead of using one that is idle, and does not end it.`,
    subjects: [...subjectOf(opener), { kind: 'peer', name: peer, value: after, unit: 'sockets' }],
  };
}

interface Opener {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly sockets: number;
}

/** Who holds most of the peer's, by the stacks that were sampled; else who was seen opening. */
function openerOf(evidence: JsonValue, peer: string): Opener | undefined {
  const { openings, now } = objectOf(evidence);
  const known = listOf(objectOf(now).main).find((one) => one.peer === peer && one.direction === 'outgoing');
  const seen = listOf(objectOf(openings).openers).filter((one) => one.peer === peer);
  for (const { frame, sockets, stillOpen } of [...listOf(known?.openers), ...seen]) {
    const by = placeOf(frame);
    if (by !== undefined) return { ...by, sockets: numberOf(sockets ?? stillOpen) };
  }
  return undefined;
}

const openedBy = (opener: Opener | undefined): string =>
  opener === undefined
    ? ''
    : ` ${place(opener)} opened ${figure(opener.sockets)} of those whose opening was sampled.`;

const subjectOf = (opener: Opener | undefined): readonly Subject[] =>
  opener === undefined ? [] : [functionSubject(opener, opener.sockets, 'sockets')];
