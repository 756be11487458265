// The recorder's end of the probes: one feed for each skill, which may exist before its probe has been heard of.
import { reasonOf } from '../errors.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { MainInspector } from './context.ts';
import {
  ASK_PROBE,
  DROPPED,
  EMITTED,
  type ProbeFeed,
  type ProbeLink,
  type ProbeSpec,
  probeKey,
  RESERVED,
} from './probe.ts';

/** Events kept for a skill that is not loaded yet. */
const EARLY = 1_000;

export interface ProbeFeeds {
  /** What one skill listens to, until its `close`. */
  open(): SkillFeeds;
  link(link: ProbeLink): void;
  deliver(key: string, events: readonly JsonObject[]): void;
}

export interface SkillFeeds {
  of(probe: ProbeSpec): ProbeFeed;
  close(): void;
}

export function createProbeFeeds(inspector: Pick<MainInspector, 'evaluate'>): ProbeFeeds {
  const feeds = new Map<string, Feed>();
  const of = (key: string): Feed => {
    const known = feeds.get(key) ?? new Feed(key, inspector);
    feeds.set(key, known);
    return known;
  };
  return {
    open() {
      const undo: (() => void)[] = [];
      return {
        of: (probe) => new SkillFeed(of(probeKey(probe)), undo),
        close() {
          for (const end of undo.splice(0)) end();
        },
      };
    },
    link: (link) => of(link.key).link(link),
    deliver: (key, events) => of(key).deliver(events),
  };
}

/** A feed as one skill sees it. */
class SkillFeed implements ProbeFeed {
  readonly #feed: Feed;
  readonly #undo: (() => void)[];

  /** @param undo gets what ends each of its listeners. */
  constructor(feed: Feed, undo: (() => void)[]) {
    this.#feed = feed;
    this.#undo = undo;
  }

  get numbers(): Float64Array {
    return this.#feed.numbers;
  }

  get emitted(): number {
    return this.#feed.counter(EMITTED);
  }

  get dropped(): number {
    return this.#feed.counter(DROPPED);
  }

  get failure(): string | undefined {
    return this.#feed.failure;
  }

  onEvent(listener: (event: JsonObject) => void): void {
    this.#undo.push(this.#feed.listen(listener));
  }

  ask(question: JsonObject, options: { readonly timeoutMs?: number } = {}): Promise<JsonValue> {
    return this.#feed.ask(question, options);
  }
}

class Feed {
  readonly #key: string;
  readonly #inspector: Pick<MainInspector, 'evaluate'>;
  #memory = new SharedArrayBuffer(8 * RESERVED);
  #failure: string | undefined;
  readonly #listeners = new Set<(event: JsonObject) => void>();
  #early: JsonObject[] = [];
  numbers: Float64Array = new Float64Array(0);

  constructor(key: string, inspector: Pick<MainInspector, 'evaluate'>) {
    this.#key = key;
    this.#inspector = inspector;
  }

  get failure(): string | undefined {
    return this.#failure;
  }

  counter(slot: number): number {
    return new Float64Array(this.#memory, 0, RESERVED)[slot] ?? 0;
  }

  /** Returns the undo. */
  listen(listener: (event: JsonObject) => void): () => void {
    this.#listeners.add(listener);
    this.deliver(this.#early.splice(0));
    return () => this.#listeners.delete(listener);
  }

  async ask(question: JsonObject, options: { readonly timeoutMs?: number }): Promise<JsonValue> {
    const asked = `[${JSON.stringify(this.#key)}, ${JSON.stringify(question)}]`;
    return this.#inspector.evaluate(`process[Symbol.for('${ASK_PROBE}')](...${asked})`, options);
  }

  link({ memory, failure }: ProbeLink): void {
    this.#memory = memory;
    this.#failure = failure;
    this.numbers = new Float64Array(memory, 8 * RESERVED);
  }

  deliver(events: readonly JsonObject[]): void {
    if (this.#listeners.size === 0) {
      this.#early.push(...events.slice(0, EARLY - this.#early.length));
      return;
    }
    for (const event of events) for (const listener of this.#listeners) this.#tell(listener, event);
  }

  #tell(listener: (event: JsonObject) => void, event: JsonObject): void {
    try {
      listener(event);
    } catch (error) {
      // An exception here would end the recorder.
      this.#failure = `an event could not be recorded: ${reasonOf(error)}`;
    }
  }
}
