// The recorder's end of the probes: one feed for each skill, which may exist before its probe has been heard of.
import { reasonOf } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { DROPPED, EMITTED, type ProbeFeed, type ProbeLink, RESERVED } from './probe.ts';

/** Events kept for a skill that is not loaded yet. */
const EARLY = 1_000;

export interface ProbeFeeds {
  of(skill: string): ProbeFeed;
  link(link: ProbeLink): void;
  deliver(skill: string, events: readonly JsonObject[]): void;
}

export function createProbeFeeds(): ProbeFeeds {
  const feeds = new Map<string, Feed>();
  const of = (skill: string): Feed => {
    const known = feeds.get(skill) ?? new Feed();
    feeds.set(skill, known);
    return known;
  };
  return {
    of,
    link: (link) => of(link.skill).link(link),
    deliver: (skill, events) => of(skill).deliver(events),
  };
}

class Feed implements ProbeFeed {
  #memory = new SharedArrayBuffer(8 * RESERVED);
  #failure: string | undefined;
  #listener: ((event: JsonObject) => void) | undefined;
  #early: JsonObject[] = [];
  numbers: Float64Array = new Float64Array(0);

  get emitted(): number {
    return this.#counter(EMITTED);
  }

  get dropped(): number {
    return this.#counter(DROPPED);
  }

  get failure(): string | undefined {
    return this.#failure;
  }

  onEvent(listener: (event: JsonObject) => void): void {
    this.#listener = listener;
    this.deliver(this.#early.splice(0));
  }

  link({ memory, failure }: ProbeLink): void {
    this.#memory = memory;
    this.#failure = failure;
    this.numbers = new Float64Array(memory, 8 * RESERVED);
  }

  deliver(events: readonly JsonObject[]): void {
    if (this.#listener === undefined) {
      this.#early.push(...events.slice(0, EARLY - this.#early.length));
      return;
    }
    for (const event of events) {
      try {
        this.#listener(event);
      } catch (error) {
        // An exception here would end the recorder.
        this.#failure = `an event could not be recorded: ${reasonOf(error)}`;
      }
    }
  }

  #counter(slot: number): number {
    return new Float64Array(this.#memory, 0, RESERVED)[slot] ?? 0;
  }
}
