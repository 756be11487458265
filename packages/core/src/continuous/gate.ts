// The gate of a continuous operator: decides, at no cost, whether its model looks at all. What fires wakes it once; as
// long as it goes on, again only when it became worse, the cool-down is over, or the model asked to look again. Pure.
import type { WakeReason } from '../telemetry/continuous-events.ts';
import type { Cause } from './cause.ts';

/**
 * What wakes a continuous operator: `checks` of its skill that fire; `anomaly`: those, or an anomaly of one of its
 * metrics; `always`: each round.
 */
export type Gate = 'checks' | 'anomaly' | 'always';

/** A cause that the model was woken for. */
export interface Looked extends Pick<Cause, 'id' | 'key' | 'figures'> {
  /** Wall-clock ms. */
  readonly atMs: number;
  /** Looks in a row after which all was well; absent: none. */
  readonly cleared?: number;
}

export interface Wake {
  readonly why: WakeReason;
  /** What fired; for people. */
  readonly detail: string;
}

export interface GateState {
  readonly looked: readonly Looked[];
  /** When the next round is due in any case (`always`), or the model wants to see again what still fires; wall-clock ms. */
  readonly lookAgainAtMs: number | undefined;
  /** Nobody has looked yet. */
  readonly isFirst: boolean;
}

export interface Look {
  readonly causes: readonly Cause[];
  readonly atMs: number;
  /** It is looked out of turn, because main stalled. */
  readonly isStall: boolean;
}

export interface GateRules {
  readonly gate: Gate;
  readonly repeatAfterMs: number;
}

/** What has grown to so much of what was looked at is worse. */
const WORSE_FACTOR = 1.5;
/** A count must have grown by so many as well: the second stall of a minute is no news. */
const WORSE_COUNT = 3;
const MAX_LOOKED = 100;
/** What was cleared again and again is looked at more and more seldom, but some times a day. */
const MAX_DOUBLINGS = 2;

/** Undefined: nobody is woken. */
export function judge(state: GateState, look: Look, { gate, repeatAfterMs }: GateRules): Wake | undefined {
  const { causes, atMs, isStall } = look;
  const news = causes.filter((cause) => isNews(cause, state.looked, { atMs, repeatAfterMs }));
  if (news.length > 0) return { why: isStall ? 'stall' : kindOf(news), detail: listed(news) };
  const isDue = state.lookAgainAtMs !== undefined && atMs >= state.lookAgainAtMs;
  if (isDue && causes.length > 0) return { why: 'time', detail: `still: ${listed(causes)}` };
  if (gate !== 'always') return undefined;
  if (state.isFirst) return { why: 'start', detail: '' };
  return isDue ? { why: 'time', detail: '' } : undefined;
}

/** The model looks at all that fires now. Figures are kept as bad as they were, so that going up and down is no news. */
export function markLooked(
  looked: readonly Looked[],
  { causes, atMs }: Look,
  { repeatAfterMs }: GateRules,
): readonly Looked[] {
  const isValid = (one: Looked): boolean => atMs - one.atMs < quietMs(one, repeatAfterMs);
  // How often it was cleared is known for as long again: it is looked at only when that time is over.
  const known = looked.filter((one) => atMs - one.atMs < 2 * quietMs(one, repeatAfterMs));
  const marked = causes.map(({ id, key, figures }): Looked => {
    const before = known.find((one) => one.key === key);
    const bad = before !== undefined && isValid(before) ? before.figures : {};
    const cleared = before?.cleared;
    return { id, key, atMs, figures: worst(figures, bad), ...(cleared !== undefined && { cleared }) };
  });
  const others = known.filter(({ key }) => causes.every((cause) => cause.key !== key));
  return [...others, ...marked].slice(-MAX_LOOKED);
}

const worst = (now: Cause['figures'], before: Cause['figures']): Cause['figures'] =>
  Object.fromEntries(
    Object.entries(now).map(([name, value]) => [name, Math.max(value, before[name] ?? value)]),
  );

/** What the model said of the causes that it was woken for at `atMs`. */
export const markVerdict = (looked: readonly Looked[], atMs: number, isWell: boolean): readonly Looked[] =>
  looked.map((one) => {
    if (one.atMs !== atMs) return one;
    const { cleared = 0, ...rest } = one;
    return isWell ? { ...rest, cleared: cleared + 1 } : rest;
  });

/** Those causes are news when they come again. */
export const forgetLooked = (looked: readonly Looked[], ids: readonly string[]): readonly Looked[] =>
  looked.filter(({ id }) => !ids.includes(id));

function isNews(
  cause: Cause,
  looked: readonly Looked[],
  { atMs, repeatAfterMs }: Pick<Look, 'atMs'> & Pick<GateRules, 'repeatAfterMs'>,
): boolean {
  const before = looked.find(({ key }) => key === cause.key);
  const isOld = before === undefined || atMs - before.atMs >= quietMs(before, repeatAfterMs);
  return isOld || isWorse(cause.figures, before.figures);
}

/** How long it is no news as long as it does not become worse. */
const quietMs = ({ cleared = 0 }: Looked, repeatAfterMs: number): number =>
  repeatAfterMs * 2 ** Math.min(cleared, MAX_DOUBLINGS);

const isWorse = (now: Cause['figures'], before: Cause['figures']): boolean =>
  Object.entries(now).some(([name, value]) => {
    const old = before[name];
    if (old === undefined || old <= 0 || value < WORSE_FACTOR * old) return false;
    return !Number.isInteger(value) || value - old >= WORSE_COUNT;
  });

const kindOf = (news: readonly Cause[]): 'check' | 'anomaly' =>
  news.some(({ kind }) => kind === 'check') ? 'check' : 'anomaly';

const listed = (causes: readonly Cause[]): string => [...new Set(causes.map(({ id }) => id))].join(', ');
