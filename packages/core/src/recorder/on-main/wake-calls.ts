// What wakes a main at rest by a call from outside: requests and connections of its servers. Heard only while it rests,
// so a main in use pays nothing for it.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

const CHANNELS = ['http.server.request.start', 'http2.server.stream.created', 'net.server.socket'] as const;

export interface WakeCalls {
  hear(): void;
  ignore(): void;
}

/** @param onCall called before the app's own listeners are */
export function createWakeCalls(onCall: () => void): WakeCalls {
  let isHearing = false;
  const hear = (channel: string): void => subscribe(channel, onCall);
  const ignore = (channel: string): boolean => unsubscribe(channel, onCall);
  return {
    hear() {
      if (!isHearing) CHANNELS.forEach(hear);
      isHearing = true;
    },
    ignore() {
      if (isHearing) CHANNELS.forEach(ignore);
      isHearing = false;
    },
  };
}
