// A resident as a value: what a continuous operator is while it has no thread, and how looks, rounds and ends change
// it. Pure: who starts threads and tells events reads it from the answers.

import type { JsonObject } from '../json.ts';
import {
  emptyMemory,
  type Memory,
  type Reported,
  remember,
  rememberData,
  rememberRound,
} from '../operator/memory.ts';
import type { HealthState, Notification } from '../operator/notification.ts';
import type { OperatorRunResult, RoundEnded } from '../operator/spec.ts';
import type { Cause } from './cause.ts';
import {
  forgetLooked,
  type GateRules,
  type GateState,
  judge,
  type Look,
  markLooked,
  markVerdict,
  type Wake,
} from './gate.ts';
import { afterLook, afterRound } from './resolution.ts';

export type Phase =
  /** No thread. */
  | 'resting'
  /** Its thread is being started. */
  | 'waking'
  /** In a round. */
  | 'awake'
  /** It died in a round and comes back after its backoff. */
  | 'restarting'
  /** For good. */
  | 'stopped';

export interface Woken extends Wake {
  /** Wall-clock ms. */
  readonly atMs: number;
}

export interface ResidentState extends GateState {
  readonly phase: Phase;
  readonly memory: Memory;
  /** What fired when the checks looked last. */
  readonly causes: readonly Cause[];
  /** The latest time; undefined as long as it never was. */
  readonly woken: Woken | undefined;
  /** Ids of the causes that it was woken for. */
  readonly wokenFor: readonly string[];
  /** Rounds in a row that ended without a result: the model has not seen what it was woken for. */
  readonly failedRounds: number;
  /** What the model judged in this round. */
  readonly verdict: { readonly state: HealthState; readonly reason: string } | undefined;
}

export interface ResidentRules extends GateRules {
  readonly roundEveryMs: number;
}

const SHORTEST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 3_600_000;

export const initialResident = (memory: Memory = emptyMemory): ResidentState => ({
  phase: 'resting',
  memory,
  causes: [],
  looked: [],
  lookAgainAtMs: undefined,
  isFirst: true,
  woken: undefined,
  wokenFor: [],
  failedRounds: 0,
  verdict: undefined,
});

export interface LookWithData extends Look {
  /**
   * Of a snapshot in its turn: the look counts as a round, and its data belongs to the history. Undefined out of turn,
   * or when there was no snapshot: what is not seen then is not over.
   */
  readonly roundData: JsonObject | undefined;
}

export interface AfterLook {
  readonly state: ResidentState;
  readonly over: readonly Reported[];
  /** It must be woken: the state is `waking`. */
  readonly wake: Wake | undefined;
}

/** The checks have looked; also while it is awake, for then nothing else tells what is over. */
export function looked(before: ResidentState, look: LookWithData, rules: ResidentRules): AfterLook {
  const { causes, roundData, atMs } = look;
  const { memory, over } =
    roundData === undefined
      ? { memory: before.memory, over: [] }
      : afterLook(rememberData(before.memory, roundData), causes, atMs);
  const lookAgainAtMs = dueAtMs(before, atMs);
  const state = withoutOver({ ...before, memory, causes, lookAgainAtMs }, over);
  if (state.phase !== 'resting') return { state, over, wake: undefined };
  const wake = isOwed(state, atMs)
    ? ({ why: 'time', detail: 'the round before failed' } as const)
    : judge(state, look, rules);
  if (wake !== undefined) return { state: waking(state, { wake, look, rules }), over, wake };
  const isPast = state.lookAgainAtMs !== undefined && atMs >= state.lookAgainAtMs;
  return { state: isPast ? { ...state, lookAgainAtMs: undefined } : state, over, wake };
}

/** A wall clock that was set back to before its latest round makes nobody wait. */
const dueAtMs = ({ lookAgainAtMs, woken }: ResidentState, nowMs: number): number | undefined =>
  lookAgainAtMs !== undefined && woken !== undefined && nowMs < woken.atMs ? nowMs : lookAgainAtMs;

const isOwed = ({ failedRounds, lookAgainAtMs }: ResidentState, nowMs: number): boolean =>
  failedRounds > 0 && lookAgainAtMs !== undefined && nowMs >= lookAgainAtMs;

/** Whether the look that is due will wake it, as far as can be told: it is owed, or in its turn, or fires still. */
export const isForeseen = ({ failedRounds, causes }: ResidentState, { gate }: GateRules): boolean =>
  failedRounds > 0 || gate === 'always' || causes.length > 0;

const waking = (
  state: ResidentState,
  { wake, look, rules }: { readonly wake: Wake; readonly look: Look; readonly rules: GateRules },
): ResidentState => ({
  ...state,
  phase: 'waking',
  looked: markLooked(state.looked, look, rules),
  lookAgainAtMs: undefined,
  isFirst: false,
  woken: { ...wake, atMs: look.atMs },
  wokenFor: look.causes.map(({ id }) => id),
});

/** Its thread is ready, for the first time or again; the round begins from the start. */
export const begun = (state: ResidentState): ResidentState => ({
  ...state,
  phase: 'awake',
  verdict: undefined,
});

/** Remembered at once, so that it is known even when the thread dies in the same round. */
export const notified = (state: ResidentState, found: Notification, nowMs: number): ResidentState => ({
  ...state,
  memory: remember(state.memory, found, {
    nowMs,
    causes: [...new Set([...state.wokenFor, ...state.causes.map(({ id }) => id)])],
  }),
});

export const judged = (state: ResidentState, health: HealthState, reason: string): ResidentState => ({
  ...state,
  verdict: { state: health, reason },
});

export interface RoundOutcome extends Omit<RoundEnded, 'type'> {
  readonly result: OperatorRunResult;
}

/** A round has ended, with whatever result. */
export function rounded(
  before: ResidentState,
  { result, confirmed, askedWaitMs }: RoundOutcome,
  { nowMs, gate, roundEveryMs }: ResidentRules & { readonly nowMs: number },
): Omit<AfterLook, 'wake'> {
  const seen = { result, confirmed, wokenFor: before.wokenFor };
  const { memory, over } = afterRound(before.memory, seen, nowMs);
  const isGood = result.status === 'completed' || result.status === 'iterations_exceeded';
  const failedRounds = isGood ? 0 : before.failedRounds + 1;
  const { why = 'start', detail = '' } = before.woken ?? {};
  const reason = isGood ? (before.verdict?.reason ?? '') : (result.error?.message ?? result.status);
  const line = { atMs: nowMs, why: `${why} ${detail}`.trim(), state: result.state, reason };
  const unpacedMs = gate === 'always' ? roundEveryMs : undefined;
  const pacedMs = askedWaitMs === undefined ? unpacedMs : within(askedWaitMs, SHORTEST_WAIT_MS);
  const pauseMs = isGood ? pacedMs : retryMs(failedRounds, roundEveryMs);
  const isWell = result.state === 'healthy' && result.notifications.length === 0 && confirmed.length === 0;
  const state: ResidentState = {
    ...before,
    ...(isGood && { looked: markVerdict(before.looked, before.woken?.atMs ?? nowMs, isWell) }),
    memory: rememberRound(memory, line),
    failedRounds,
    lookAgainAtMs: pauseMs === undefined ? undefined : nowMs + pauseMs,
  };
  // What fires goes on doing so, and was looked at just now: it is no news.
  return { state, over };
}

const within = (ms: number, leastMs: number): number => Math.min(Math.max(ms, leastMs), LONGEST_WAIT_MS);

/** Twice as long after each round that failed. */
const retryMs = (failedRounds: number, roundEveryMs: number): number =>
  within(roundEveryMs * 2 ** (failedRounds - 1), roundEveryMs);

/** What is over is news when it comes again. */
const withoutOver = (state: ResidentState, over: readonly Reported[]): ResidentState =>
  over.length === 0
    ? state
    : {
        ...state,
        looked: forgetLooked(
          state.looked,
          over.flatMap(({ causes }) => causes),
        ),
      };

/** Its thread has ended with the round. */
export const rested = (state: ResidentState): ResidentState => ({ ...state, phase: 'resting' });

/** Until it looks again, in ms. */
export const restsForMs = (
  { lookAgainAtMs }: ResidentState,
  { nowMs, roundEveryMs }: ResidentRules & { readonly nowMs: number },
): number => (lookAgainAtMs === undefined ? roundEveryMs : Math.max(0, lookAgainAtMs - nowMs));

/** It could not even be started: what it was woken for is still to be looked at. */
export const wakeFailed = (
  state: ResidentState,
  { nowMs, roundEveryMs }: ResidentRules & { readonly nowMs: number },
): ResidentState => {
  const failedRounds = state.failedRounds + 1;
  const lookAgainAtMs = nowMs + retryMs(failedRounds, roundEveryMs);
  return { ...state, phase: 'resting', failedRounds, lookAgainAtMs };
};

export const inPhase = (state: ResidentState, phase: Phase): ResidentState => ({ ...state, phase });

/** A new version looks for itself; what was reported is known to it where it is the same skill. */
export const renewed = ({ memory, phase, woken }: ResidentState, isSameSkill: boolean): ResidentState => ({
  ...initialResident(isSameSkill ? memory : emptyMemory),
  phase: phase === 'stopped' ? 'resting' : phase,
  woken,
});
