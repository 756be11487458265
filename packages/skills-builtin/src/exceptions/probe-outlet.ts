// What the parts of the probe share on main: the counters, the budgets, and which errors have been told already.
import type { JsonObject, ProbePort } from '@nodelens/core';
import { createBudget } from '../per-second.ts';
import { KINDS, type Kind, slot } from './counters.ts';
import { describeError, stackOf } from './describe-error.ts';

// Taken at load: a user's fake timers must not move the times.
const now = Date.now;
const soon = setImmediate;

/** Enough to tell every kind apart. Each takes main about 10 us: in a flood under 1 % of a core. */
const EVENTS_PER_SECOND = 300;
/** Making the text of a stack takes main 20 us and more; errors of a flood are alike, so these tell enough. */
const STACKS_PER_SECOND = 20;
const MAX_STACK_CHARS = 6_000;
/** Errors of sockets that wait for somebody who knows more of them. */
const MAX_WAITING = 300;

/** What a source knows beside the error itself. */
export interface Around {
  readonly source: string;
  /** What was being done, as `GET /orders`. */
  readonly operation?: string | undefined;
  readonly peer?: string | undefined;
  /** The app itself broke it off. */
  readonly isCancelled?: boolean;
  /** Of a span. */
  readonly traceId?: string | undefined;
}

export interface Outlet {
  /** One error; one that was told under this kind in this turn of the loop is not told again. Never throws. */
  tell(kind: Kind, thrown: unknown, around: Around): void;
  /** As `handled`, unless another source tells it until the loop has turned. */
  tellLater(thrown: object, around: Around): void;
  /** What is known only as texts. */
  tellTexts(facts: JsonObject, around: Around): void;
  set(position: number, value: number): void;
}

export function createOutlet({ numbers, emit }: ProbePort): Outlet {
  const admitEvent = createBudget();
  const admitStack = createBudget();
  /** In which turn, and by which kinds: errors that are made once and thrown over and over count each time. */
  const told = new WeakMap<object, { readonly turn: number; readonly kinds: number }>();
  const waiting: (readonly [object, Around])[] = [];
  const count = (position: number): void => {
    numbers[position] = (numbers[position] ?? 0) + 1;
  };
  let turn = 0;
  let isTurnEnding = false;
  const endTurn = (): void => {
    isTurnEnding = false;
    for (const [thrown, around] of waiting.splice(0))
      if (kindsOf(thrown) === 0) tell('handled', thrown, around);
    turn += 1;
  };
  const endTurnSoon = (): void => {
    if (isTurnEnding) return;
    isTurnEnding = true;
    soon(endTurn).unref();
  };
  const kindsOf = (thrown: object): number => {
    const before = told.get(thrown);
    return before?.turn === turn ? before.kinds : 0;
  };
  const isNews = (kind: Kind, thrown: unknown): boolean => {
    if (typeof thrown !== 'object' || thrown === null) return true;
    const bit = 1 << KINDS.indexOf(kind);
    const before = kindsOf(thrown);
    told.set(thrown, { turn, kinds: before | bit });
    endTurnSoon();
    return (before & bit) === 0;
  };
  const send = (kind: Kind, facts: () => JsonObject): void => {
    count(slot[kind]);
    if (admitEvent(EVENTS_PER_SECOND)) emit({ kind, atMs: now(), ...facts() });
    else count(slot.untold);
  };
  const tell = (kind: Kind, thrown: unknown, around: Around): void => {
    try {
      if (!isNews(kind, thrown)) return;
      send(kind, () => {
        const stack = admitStack(STACKS_PER_SECOND) ? stackOf(thrown, MAX_STACK_CHARS) : undefined;
        return { ...describeError(thrown), ...defined(around), stack };
      });
    } catch {
      // A revoked proxy, or an app's own way to format stacks that throws: the app must not notice.
    }
  };
  return {
    tell,
    tellLater(thrown, around) {
      if (waiting.length >= MAX_WAITING) {
        count(slot.untold);
        return;
      }
      waiting.push([thrown, around]);
      endTurnSoon();
    },
    tellTexts: (facts, around) => send('handled', () => ({ ...facts, ...defined(around) })),
    set(position, value) {
      numbers[position] = value;
    },
  };
}

/** Without what is undefined, which would hide what the error itself says. */
const defined = (around: Around): JsonObject =>
  Object.fromEntries(Object.entries(around).filter(([, value]) => value !== undefined));
