// Snapshots of skills at a steady pace, for all who watch on the recorder thread: the anomaly detector and the gate of
// continuous operators. One snapshot serves all who follow a skill, and one skill is never asked twice at once.
import type { Clock } from '../actor/clock.ts';
import { fail, isError, type NodelensError, reasonOf } from '../errors.ts';
import type { JsonObject } from '../json.ts';

/** `atMs`: wall-clock ms of when it was asked for. */
export type Sample =
  | { readonly skill: string; readonly atMs: number; readonly data: JsonObject }
  | { readonly skill: string; readonly atMs: number; readonly error: NodelensError };

export type SampleListener = (sample: Sample) => void;

export interface Sampling {
  /**
   * Takes snapshots of the skill, the first at once and then at least every `everyMs`, until the returned undo is
   * called. A listener whose time has not come is left out, unless the sample was asked for by {@link Sampling.now}.
   */
  follow(skill: string, everyMs: number, listener: SampleListener): () => void;
  /** Takes one at once, for all who follow the skill; after the one that is under way, which may be of before. */
  now(skill: string): void;
  /** Nothing is told after this. */
  close(): void;
}

export interface SamplingOptions {
  /** Settles within a deadline of its own. */
  readonly snapshot: (skill: string) => Promise<JsonObject>;
  readonly clock: Clock;
}

export function createSampling({ snapshot, clock }: SamplingOptions): Sampling {
  // Kept when nobody follows any more: there are as many as skills, and one may be under way.
  const series = new Map<string, Series>();
  const seriesOf = (skill: string): Series => {
    const known = series.get(skill);
    if (known !== undefined) return known;
    const created = new Series(skill, { snapshot, clock });
    series.set(skill, created);
    return created;
  };
  return {
    follow: (skill, everyMs, listener) =>
      seriesOf(skill).follow({ everyMs, listener, toldAtMs: Number.NEGATIVE_INFINITY }),
    now: (skill) => series.get(skill)?.now(),
    close() {
      for (const own of series.values()) own.close();
    },
  };
}

interface Follower {
  readonly everyMs: number;
  readonly listener: SampleListener;
  toldAtMs: number;
}

/** The samples of one skill. */
class Series {
  readonly #skill: string;
  readonly #options: SamplingOptions;
  readonly #followers = new Set<Follower>();
  #everyMs = Number.POSITIVE_INFINITY;
  #disarm: () => void = () => undefined;
  #isUnderWay = false;
  #isAskedAgain = false;

  constructor(skill: string, options: SamplingOptions) {
    this.#skill = skill;
    this.#options = options;
  }

  follow(follower: Follower): () => void {
    this.#followers.add(follower);
    this.#pace();
    if (!this.#isUnderWay) void this.#take(false);
    return () => {
      this.#followers.delete(follower);
      this.#pace();
    };
  }

  now(): void {
    if (this.#isUnderWay) this.#isAskedAgain = true;
    else void this.#take(true);
  }

  close(): void {
    this.#followers.clear();
    this.#pace();
  }

  /** As often as the most impatient of them wants it. */
  #pace(): void {
    const everyMs = Math.min(...[...this.#followers].map((follower) => follower.everyMs));
    if (everyMs === this.#everyMs) return;
    this.#everyMs = everyMs;
    this.#disarm();
    this.#disarm = Number.isFinite(everyMs)
      ? this.#options.clock.every(everyMs, () => {
          // One that takes longer than the pace is not asked on top of itself.
          if (!this.#isUnderWay) void this.#take(false);
        })
      : () => undefined;
  }

  async #take(isForAll: boolean): Promise<void> {
    this.#isUnderWay = true;
    const sample = await this.#ask();
    this.#isUnderWay = false;
    for (const follower of [...this.#followers])
      if (this.#followers.has(follower) && (isForAll || this.#isDue(follower, sample.atMs))) {
        follower.toldAtMs = sample.atMs;
        follower.listener(sample);
      }
    const isAskedAgain = this.#isAskedAgain && this.#followers.size > 0;
    this.#isAskedAgain = false;
    if (isAskedAgain) this.now();
  }

  async #ask(): Promise<Sample> {
    const skill = this.#skill;
    const atMs = this.#options.clock.now();
    try {
      return { skill, atMs, data: await this.#options.snapshot(skill) };
    } catch (error) {
      if (isError(error)) return { skill, atMs, error };
      return {
        skill,
        atMs,
        error: fail('skill_snapshot_failed', { skill, reason: reasonOf(error) }, { cause: error }),
      };
    }
  }

  /** Whether the next sample would come too late for it. A clock that was set back makes nobody wait. */
  #isDue({ everyMs, toldAtMs }: Follower, atMs: number): boolean {
    return atMs < toldAtMs || atMs + this.#everyMs > toldAtMs + everyMs;
  }
}
