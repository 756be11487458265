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

export function createListening({
  onTold,
  onMainMessage,
  postToMain,
}: Pick<RecorderParts, 'onTold' | 'onMainMessage' | 'postToMain'>): Listening {
  const listeners = new Set<{ types: ReadonlySet<LensEventType>; hear: (event: ToldEvent) => void }>();
  const watchers = new Set<(event: JsonObject) => void>();
  let hasMainJoined = false;
  const ask = (news: RecorderNews): void => postToMain(asJson(news));
  const askForWanted = (): void => {
    const types = watchers.size > 0 ? '*' : [...new Set([...listeners].flatMap((entry) => [...entry.types]))];
    hasMainJoined &&= types === '*';
    ask({ type: 'listening', types });
  };
  const tellWatchers = (event: object): void => {
    for (const watcher of watchers) watcher(asJson(event) as JsonObject);
  };
  const hear = (event: ToldEvent): void => {
    for (const { types, hear: listener } of listeners) if (types.has(event.type)) listener(event);
    tellWatchers(event);
  };
  const undo = [
    onTold(hear),
    onMainMessage((message) => {
      const news = message as unknown as MainNews;
      if (news.type === 'watched') {
        hasMainJoined = watchers.size > 0;
        tellWatchers(mainJoined());
      }
      if (news.type !== 'events') return;
      if (news.dropped > 0) tellWatchers(stamped({ type: 'watch.gap', dropped: news.dropped }, Date.now()));
      news.events.forEach(hear);
      ask({ type: 'events.taken' });
    }),
  ];
  return {
    listen(types, listener) {
      const entry = { types: new Set(types), hear: listener };
      listeners.add(entry);
      askForWanted();
      return () => {
        if (listeners.delete(entry)) askForWanted();
      };
    },
    watch(listener) {
      watchers.add(listener);
      if (hasMainJoined) listener(asJson(mainJoined()) as JsonObject);
      else askForWanted();
      return () => {
        if (watchers.delete(listener) && watchers.size === 0) askForWanted();
      };
    },
    close() {
      for (const end of undo) end();
    },
  };
}

const mainJoined = (): object => stamped({ type: 'watch.main_joined' }, Date.now());
