// Connections that failed, by whom they were for. Pure.
import { CONNECTION_LOST, CONNECTION_REFUSED } from './connection-codes.ts';
import { type Fingerprint, RUN_GAP_MS } from './fingerprints.ts';

const MINUTE_MS = 60_000;
/** Our own choice: one that is restarted is gone for a moment; what is away for longer is failing. */
const MIN_ERRORS = 10;
const MIN_RUN_MS = 3_000;
/** Connections that were idle are reset now and then in every service; not once a second. */
const MIN_LOST = 60;

export interface FailingPeer {
  readonly peer: string;
  readonly errors: number;
  /** By code, most frequent first. */
  readonly codes: readonly (readonly [string, number])[];
  readonly runStartedMs: number;
  readonly lastSeenMs: number;
  /** It cannot be reached at the moment, for longer than a restart takes. */
  readonly isFailing: boolean;
  /** Most frequent first. */
  readonly fingerprints: readonly Fingerprint[];
}

/** Of the last `windowMs`; most errors first. */
export function peersOf(
  fingerprints: readonly Fingerprint[],
  { windowMs, nowMs }: { readonly windowMs: number; readonly nowMs: number },
): readonly FailingPeer[] {
  const ofConnections = fingerprints.filter(
    ({ example, lastSeenMs }) =>
      !example.isExpected &&
      example.peer !== '' &&
      isConnectionCode(example.peerCode) &&
      lastSeenMs >= nowMs - windowMs,
  );
  return [...Map.groupBy(ofConnections, ({ example }) => example.peer)]
    .map(([peer, group]) => peerOf(peer, group, { windowMs, nowMs }))
    .sort((a, b) => b.errors - a.errors);
}

const isConnectionCode = (code: string): boolean =>
  CONNECTION_REFUSED.has(code) || CONNECTION_LOST.has(code) || /^(CERT_|ERR_TLS_CERT)/.test(code);

function peerOf(
  peer: string,
  group: readonly Fingerprint[],
  { windowMs, nowMs }: { readonly windowMs: number; readonly nowMs: number },
): FailingPeer {
  const countIn = ({ series }: Fingerprint, ms: number): number => series.sum(ms, nowMs);
  const sumOf = (some: readonly Fingerprint[], ms: number): number =>
    some.reduce((total, one) => total + countIn(one, ms), 0);
  const codes = [...Map.groupBy(group, ({ example }) => example.peerCode)]
    .map(([code, some]) => [code, sumOf(some, windowMs)] as const)
    .sort(([, a], [, b]) => b - a);
  const isLost = ({ example }: Fingerprint): boolean => CONNECTION_LOST.has(example.peerCode);
  const lost = sumOf(group.filter(isLost), MINUTE_MS);
  const refused = sumOf(group, MINUTE_MS) - lost;
  const lastSeenMs = Math.max(...group.map((one) => one.lastSeenMs));
  const ongoing = group.filter((one) => nowMs - one.lastSeenMs <= RUN_GAP_MS);
  const runStartedMs = Math.min(lastSeenMs, ...ongoing.map((one) => one.runStartedMs));
  return {
    peer,
    errors: sumOf(group, windowMs),
    codes,
    runStartedMs,
    lastSeenMs,
    isFailing:
      (refused >= MIN_ERRORS || lost >= MIN_LOST) &&
      ongoing.length > 0 &&
      lastSeenMs - runStartedMs >= MIN_RUN_MS,
    fingerprints: group.toSorted((a, b) => countIn(b, windowMs) - countIn(a, windowMs)),
  };
}
