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
  of(probe: ProbeSpec): ProbeFeed;
  link(link: ProbeLink): void;
  deliver(key: string, events: readonly JsonObject[]): void;
}

export function createProbeFeeds(inspector: Pick<MainInspector, 'evaluate'>): ProbeFeeds {
  const feeds = new Map<string, Feed>();
  const of = (key: string): Feed => {
    const known = feeds.get(key) ?? new Feed(key, inspector);
    feeds.set(key, known);
    return known;
  };
  return {
    of: (probe) => of(probeKey(probe)),
    link: (link) => of(link.key).link(link),
    deliver: (key, events) => of(key).deliver(events),
  };
}

class Feed implements ProbeFeed {
  readonly #key: string;
  readonly #inspector: Pick<MainInspector, 'evaluate'>;
  #memory = new SharedArrayBuffer(8 * RESERVED);
  #failure: string | undefined;
  readonly #listeners: ((event: JsonObject) => void)[] = [];
  #early: JsonObject[] = [];
  numbers: Float64Array = new Float64Array(0);

  constructor(key: string, inspector: Pick<MainInspector, 'evaluate'>) {
    this.#key = key;
    this.#inspector = inspector;
  }

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
    this.#listeners.push(listener);
    this.deliver(this.#early.splice(0));
  }

  async ask(question: JsonObject, options: { readonly timeoutMs?: number } = {}): Promise<JsonValue> {
    const asked = `[${JSON.stringify(this.#key)}, ${JSON.stringify(question)}]`;
    return this.#inspector.evaluate(`process[Symbol.for('${ASK_PROBE}')](...${asked})`, options);
  }

  link({ memory, failure }: ProbeLink): void {
    this.#memory = memory;
    this.#failure = failure;
    this.numbers = new Float64Array(memory, 8 * RESERVED);
  }

  deliver(events: readonly JsonObject[]): void {
    if (this.#listeners.length === 0) {
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

  #counter(slot: number): number {
    return new Float64Array(this.#memory, 0, RESERVED)[slot] ?? 0;
  }
}
