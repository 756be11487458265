// What main tells: its own events and those of the recorder thread, to listeners and to diagnostics_channel; its own
// also to the recorder thread, as far as somebody listens there.
import { createEmitter, type Emitter } from '../telemetry/emit.ts';
import type { LensEvent, LensEventType } from '../telemetry/events.ts';
import { stamped } from '../telemetry/stamp.ts';
import { createEventFeed, type EventFeed } from './event-feed.ts';
import type { MainNews, RecorderNews } from './recorder-init.ts';

export interface Telling extends Pick<Emitter, 'emit' | 'on' | 'close'> {
  receive(news: RecorderNews): void;
  /** The recorder thread has died: nobody listens there any more. */
  recorderGone(): void;
  /** Path of the control socket; undefined until it listens, or when there is none. */
  readonly controlPath: string | undefined;
}

export interface TellingOptions {
  readonly post: (news: MainNews) => void;
  /** Whoever started us has had a turn to listen: what earlier lives left is told after that. */
  readonly heard: Promise<void>;
}

export function createTelling({ post, heard }: TellingOptions): Telling {
  const emitter = createEmitter();
  let feed: EventFeed | undefined;
  let wanted: readonly LensEventType[] | '*' = [];
  let controlPath: string | undefined;
  const receive = (news: RecorderNews): void => {
    switch (news.type) {
      case 'event':
        if (news.event.type !== 'blackbox.recovered') emitter.emit(news.event);
        else void heard.then(() => emitter.emit(news.event));
        break;
      case 'listening':
        wanted = news.types;
        feed = wanted.length === 0 ? undefined : (feed ?? createEventFeed(post));
        if (wanted === '*') post({ type: 'watched' });
        break;
      case 'events.taken':
        feed?.taken();
        break;
      case 'control.listening':
        controlPath = news.path;
        break;
      case 'control.failed':
        process.emitWarning(news.message, { type: 'NodelensWarning', code: 'NODELENS_CONTROL' });
        break;
      case 'store.warning':
        process.emitWarning(news.message, { type: 'NodelensWarning', code: 'NODELENS_STORE' });
        break;
      default:
        news satisfies never;
    }
  };
  return {
    on: emitter.on,
    close: emitter.close,
    emit(event: LensEvent) {
      const told = stamped(event, Date.now());
      emitter.emit(told);
      if (wanted === '*' || wanted.includes(event.type)) feed?.tell(told);
    },
    receive,
    recorderGone() {
      wanted = [];
      feed = undefined;
    },
    get controlPath() {
      return controlPath;
    },
  };
}
