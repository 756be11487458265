// Main's own events on their way to the recorder thread, as far as somebody listens there: one packet at a time, so
// that a thread that is busy (or stuck) does not gather them without an end. What did not fit is told by its number.
import type { LensEventType, ToldEvent } from '../telemetry/events.ts';
import type { MainNews } from './recorder-init.ts';

/** Events that wait while a packet is under way. */
const WAITING = 500;

export interface EventFeed {
  /** Only these are sent from now on, or all; at first none. */
  want(types: readonly LensEventType[] | '*'): void;
  tell(event: ToldEvent): void;
  /** The packet that was under way has been taken. */
  taken(): void;
}

export function createEventFeed(post: (news: MainNews) => void): EventFeed {
  let wanted: readonly LensEventType[] | '*' = [];
  let waiting: ToldEvent[] = [];
  let dropped = 0;
  let isUnderWay = false;
  const send = (): void => {
    if (isUnderWay || waiting.length === 0) return;
    isUnderWay = true;
    const packet = { type: 'events', events: waiting, dropped } as const;
    waiting = [];
    dropped = 0;
    post(packet);
  };
  return {
    want(types) {
      wanted = types;
      if (types === '*') post({ type: 'watched' });
    },
    tell(event) {
      if (wanted !== '*' && !wanted.includes(event.type)) return;
      waiting.push(event);
      if (waiting.length > WAITING) {
        waiting.shift();
        dropped += 1;
      }
      send();
    },
    taken() {
      isUnderWay = false;
      send();
    },
  };
}
