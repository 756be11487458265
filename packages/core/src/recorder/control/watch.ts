// `watch` on the control socket: events until the client cancels or goes. One that reads more slowly than things happen
// misses some, and is told how many: it neither fills the host's memory nor holds up anybody.
import { once } from 'node:events';
import type { JsonObject, JsonValue } from '../../json.ts';
import { stamped } from '../../telemetry/stamp.ts';

export interface WatchCall {
  /** Aborted when the client cancels or disconnects. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: JsonObject) => void;
  /** Whether the client leaves so much unread that it gets no more for now. */
  readonly isBehind: () => boolean;
}

/** Resolves when the client has enough. */
export async function streamEvents(
  watch: (onEvent: (event: JsonObject) => void) => () => void,
  { signal, onEvent, isBehind }: WatchCall,
): Promise<JsonValue> {
  let dropped = 0;
  const undo = watch((event) => {
    if (isBehind()) {
      dropped += 1;
      return;
    }
    if (dropped > 0) onEvent(stamped({ type: 'watch.gap', dropped }, Date.now()));
    dropped = 0;
    onEvent(event);
  });
  try {
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    undo();
  }
  return {};
}
