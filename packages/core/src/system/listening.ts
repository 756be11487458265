// Every event of the process, heard on the recorder thread: what happens on this thread at once, also while main is
// blocked; what happens on main only as far as somebody listens to it, so that it costs nothing else.
import { asJson, type JsonObject } from '../json.ts';
import type { RecorderParts } from '../recorder/run-recorder.ts';
import type { LensEventType, ToldEvent } from '../telemetry/events.ts';
import { stamped } from '../telemetry/stamp.ts';
import type { MainNews, RecorderNews } from './recorder-init.ts';

/** One per recorder thread: main keeps the last that it is told. */
export interface Listening {
  /** Hears events of these types; returns the undo. */
  listen(types: readonly LensEventType[], listener: (event: ToldEvent) => void): () => void;
  /**
   * Hears all, for people: also `watch.main_joined`, from which on main's own events come too, and `watch.gap` with the
   * number of those that did not fit. Returns the undo.
   */
  watch(listener: (event: JsonObject) => void): () => void;
  close(): void;
}

type Parts = Pick<RecorderParts, 'onTold' | 'onMainMessage' | 'postToMain'>;

export function createListening(parts: Parts): Listening {
  const ears = new Ears(parts);
  return {
    listen: (types, listener) => ears.listen({ types: new Set(types), listener }),
    watch: (listener) => ears.watch(listener),
    close: () => ears.close(),
  };
}

interface Listener {
  readonly types: ReadonlySet<LensEventType>;
  readonly listener: (event: ToldEvent) => void;
}

class Ears {
  readonly #parts: Parts;
  readonly #listeners = new Set<Listener>();
  readonly #watchers = new Set<(event: JsonObject) => void>();
  readonly #undo: readonly (() => void)[];
  #hasMainJoined = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#undo = [
      parts.onTold((event) => this.#hear(event)),
      parts.onMainMessage((message) => this.#receive(message as unknown as MainNews)),
    ];
  }

  listen(entry: Listener): () => void {
    this.#listeners.add(entry);
    this.#askForWanted();
    return () => {
      if (this.#listeners.delete(entry)) this.#askForWanted();
    };
  }

  watch(listener: (event: JsonObject) => void): () => void {
    this.#watchers.add(listener);
    if (this.#hasMainJoined) listener(mainJoined());
    else this.#askForWanted();
    return () => {
      if (this.#watchers.delete(listener) && this.#watchers.size === 0) this.#askForWanted();
    };
  }

  close(): void {
    for (const end of this.#undo) end();
  }

  #askForWanted(): void {
    const types = [...new Set([...this.#listeners].flatMap((entry) => [...entry.types]))];
    const isWatched = this.#watchers.size > 0;
    this.#hasMainJoined &&= isWatched;
    this.#ask({ type: 'listening', types: isWatched ? '*' : types });
  }

  #receive(news: MainNews): void {
    if (news.type === 'watched') {
      this.#hasMainJoined = this.#watchers.size > 0;
      this.#tellWatchers(mainJoined());
    }
    if (news.type !== 'events') return;
    const { dropped, events } = news;
    if (dropped > 0) this.#tellWatchers(stamped({ type: 'watch.gap', dropped }, Date.now()));
    for (const event of events) this.#hear(event);
    this.#ask({ type: 'events.taken' });
  }

  #hear(event: ToldEvent): void {
    for (const { types, listener } of this.#listeners) if (types.has(event.type)) listener(event);
    this.#tellWatchers(asJson(event) as JsonObject);
  }

  #tellWatchers(event: JsonObject): void {
    for (const watcher of this.#watchers) watcher(event);
  }

  #ask(news: RecorderNews): void {
    this.#parts.postToMain(asJson(news));
  }
}

const mainJoined = (): JsonObject => stamped({ type: 'watch.main_joined' }, Date.now());
