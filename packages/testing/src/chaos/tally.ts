// The counts of a run: what was scheduled and begun, how runs ended, what was told, and what was broken.
import type { Fault } from './faults.ts';
import type { Action } from './schedule.ts';
import type { SettledRun } from './wire.ts';

type Counts = Record<string, number>;

export interface TallyFigures {
  /** Begun in the thread itself, `<place> <fault>`. */
  readonly faults: Readonly<Counts>;
  readonly actions: Readonly<Counts>;
  /** `<kind> <how it ended>` */
  readonly runs: Readonly<Counts>;
  readonly events: Readonly<Counts>;
  /** How the recorder ended. */
  readonly ends: Readonly<Counts>;
  readonly violations: readonly string[];
}

export interface Tally {
  acted(action: Action): void;
  begun(where: string, fault: Fault): void;
  settled(run: SettledRun): void;
  counted(events: Readonly<Counts>): void;
  ended(how: string): void;
  violated(what: string): void;
  figures(): TallyFigures;
}

export function createTally(onViolation: (what: string) => void): Tally {
  const faults: Counts = {};
  const actions: Counts = {};
  const runs: Counts = {};
  const events: Counts = {};
  const ends: Counts = {};
  const violations = new Set<string>();
  const add = (counts: Counts, key: string, count = 1): void => {
    counts[key] = (counts[key] ?? 0) + count;
  };
  return {
    acted(action) {
      add(actions, action.type);
      // Its thread is the service's own, which tells nothing of it.
      if (action.type === 'fault' && action.place === 'main-skill') add(faults, `main-skill ${action.fault}`);
    },
    begun: (where, fault) => add(faults, `${where} ${fault}`),
    settled: ({ kind, ended }) => add(runs, `${kind} ${ended}`),
    counted(batch) {
      for (const [type, count] of Object.entries(batch)) add(events, type, count);
    },
    ended: (how) => add(ends, how),
    violated(what) {
      if (!violations.has(what)) onViolation(what);
      violations.add(what);
    },
    figures: () => ({ faults, actions, runs, events, ends, violations: [...violations] }),
  };
}
