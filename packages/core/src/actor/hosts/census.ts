// Who runs where at this moment, told by the thread that started them (the launcher): for the tree. Nobody is asked:
// it is read from what each thread shows of itself.

import type { ActorVitals } from '../limits/actor-vitals.ts';
import { heartWord, threadOf } from '../limits/heartbeat.ts';
import { vitalsOf } from '../limits/vitals.ts';
import type { ChildSpec } from '../supervision/child-spec.ts';
import type { ActorRun, Parking } from './actor-host.ts';

export interface CensusEntry {
  readonly id: string;
  readonly placement: ChildSpec['placement'];
  /** Wall-clock ms, to the second. */
  readonly startedAtMs: number;
  readonly vitals: ActorVitals;
}

export interface Census {
  readonly actors: readonly CensusEntry[];
  /** Pooled threads that exist now, idle ones included, and actors that wait for one. */
  readonly pool: { readonly threads: number; readonly waiting: number };
  /** The thread that waits for an actor; absent while there is none. */
  readonly spare?: Pick<CensusEntry, 'startedAtMs' | 'vitals'>;
  /** Pid of the sandbox process; absent while there is none. */
  readonly sandboxPid?: number;
  /** Of the thread that tells. */
  readonly teller: Pick<CensusEntry, 'startedAtMs' | 'vitals'>;
}

/** What the launcher serves as service `census`. */
export interface CensusDesk {
  census(): Promise<Census>;
}

/** The runs of one host, for its part of the census. */
export class Roster {
  readonly #runs = new Map<ActorRun, ChildSpec>();
  readonly #parked = new Set<Parking>();

  /** Until it ends. */
  add(spec: ChildSpec, run: ActorRun): void {
    this.#runs.set(run, spec);
    void run.ended.then(() => this.#runs.delete(run));
  }

  /** Until it ends, or has an actor. */
  park(parking: Parking): void {
    this.#parked.add(parking);
    void parking.ended.then(() => this.#parked.delete(parking));
  }

  adopt(parking: Parking): void {
    this.#parked.delete(parking);
  }

  parked(): Census['spare'] {
    const [facts] = [...this.#parked].flatMap(({ heart }) => seen(heart) ?? []);
    if (facts === undefined) return undefined;
    const { mailbox: _none, ...vitals } = facts.vitals;
    return { ...facts, vitals };
  }

  /** Those whose thread has begun, in the order of their start. */
  list(): readonly CensusEntry[] {
    return [...this.#runs].flatMap(([{ heart }, { id, placement }]) => {
      const facts = seen(heart);
      return facts === undefined ? [] : [{ id, placement, ...facts }];
    });
  }
}

/** Undefined before its thread has begun. */
function seen(heart: Int32Array | undefined): Pick<CensusEntry, 'startedAtMs' | 'vitals'> | undefined {
  if (heart === undefined || threadOf(heart) === 0) return undefined;
  return { startedAtMs: Atomics.load(heart, heartWord.startedAt) * 1_000, vitals: vitalsOf(heart) };
}
