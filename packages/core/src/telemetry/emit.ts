// Publishes events on diagnostics_channel and to the listeners of `lens.on`. A listener that throws harms nobody.
import { channel } from 'node:diagnostics_channel';
import { channelOf, type LensEvent, type LensEventOf, type LensEventType } from './events.ts';

export type LensListener<T extends LensEventType> = (event: LensEventOf<T>) => void;

export interface Emitter {
  emit(event: LensEvent): void;
  /** Returns the undo. */
  on<T extends LensEventType>(type: T, listener: LensListener<T>): () => void;
  /** Removes all listeners. */
  close(): void;
}

export function createEmitter(): Emitter {
  const listeners = new Map<string, Set<(event: LensEvent) => void>>();
  return {
    emit(event) {
      const target = channel(channelOf(event.type));
      if (target.hasSubscribers) target.publish(event);
      for (const listener of listeners.get(event.type) ?? []) callSafely(listener, event);
    },
    on(type, listener) {
      const set = listeners.get(type) ?? new Set();
      listeners.set(type, set);
      const entry = listener as (event: LensEvent) => void;
      set.add(entry);
      return () => void set.delete(entry);
    },
    close: () => listeners.clear(),
  };
}

function callSafely(listener: (event: LensEvent) => void, event: LensEvent): void {
  try {
    listener(event);
  } catch (error) {
    // As diagnostics_channel does: the listener's fault surfaces as its own uncaught error, not inside our caller.
    process.nextTick(() => {
      throw error;
    });
  }
}
