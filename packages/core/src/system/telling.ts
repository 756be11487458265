// What main tells: its own events and those of the recorder thread, to listeners and to diagnostics_channel; its own
// also to the recorder thread, as far as somebody listens there.
import { createEmitter, type Emitter } from '../telemetry/emit.ts';
import type { LensEvent } from '../telemetry/events.ts';
import { stamped } from '../telemetry/stamp.ts';
import { createEventFeed } from './event-feed.ts';
import type { MainNews, RecorderNews } from './recorder-init.ts';

export interface Telling extends Emitter {
  receive(news: RecorderNews): void;
  /** The recorder thread has died: nobody listens there any more. */
  recorderGone(): void;
  /** Path of the control socket; undefined until it listens, or when there is none. */
  readonly controlPath: string | undefined;
}

export interface TellingOptions {
  readonly post: (news: MainNews) => void;
  /** Whoever started us has had a turn to listen: what the recorder thread has found by then is told after that. */
  readonly heard: Promise<void>;
}

export function createTelling({ post, heard }: TellingOptions): Telling {
  const emitter = createEmitter();
  let feed = createEventFeed(post);
  let controlPath: string | undefined;
  const hear = (event: LensEvent): void => {
    emitter.emit(event);
    if (event.type === 'incident.opened') post({ type: 'incident.heard', id: event.incident.id });
  };
  return {
    on: emitter.on,
    close: emitter.close,
    emit(event) {
      const told = stamped(event, Date.now());
      emitter.emit(told);
      feed.tell(told);
    },
    receive(news) {
      switch (news.type) {
        case 'event':
          void heard.then(() => hear(news.event));
          break;
        case 'listening':
          feed.want(news.types);
          break;
        case 'events.taken':
          feed.taken();
          break;
        case 'control.listening':
          controlPath = news.path;
          break;
        case 'control.failed':
          warn('NODELENS_CONTROL', news.message);
          break;
        case 'store.warning':
          warn('NODELENS_STORE', news.message);
          break;
        default:
          news satisfies never;
      }
    },
    recorderGone() {
      feed = createEventFeed(post);
    },
    get controlPath() {
      return controlPath;
    },
  };
}

const warn = (code: string, message: string): void =>
  process.emitWarning(message, { type: 'NodelensWarning', code });
