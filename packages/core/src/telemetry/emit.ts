// Publishes events on diagnostics_channel and to the listeners of `lens.on`. A listener that throws harms nobody.
import { channel } from 'node:diagnostics_channel';
import { fail } from '../errors.ts';
import {
  channelOf,
  eventDocs,
  type LensEvent,
  type LensEventType,
  type ToldEvent,
  type ToldEventOf,
} from './events.ts';
import { stamped } from './stamp.ts';

export type LensListener<T extends LensEventType> = (event: ToldEventOf<T>) => void;

/** Hears one kind of event, or all of them: `*`; returns the undo. @throws NodelensError `option_invalid` */
export interface Listen {
  <T extends LensEventType>(type: T, listener: LensListener<T>): () => void;
  (type: '*', listener: (event: ToldEvent) => void): () => void;
}

/** All that is heard of it: a running `Nodelens`. */
export interface EventSource {
  on(type: '*', listener: (event: ToldEvent) => void): () => void;
}

export interface Emitter {
  /** Gives the event the present time unless it has one. */
  emit(event: LensEvent): void;
  readonly on: Listen;
  /** Removes all listeners. */
  close(): void;
}

export function createEmitter(): Emitter {
  const listeners = new Map<string, Set<(event: ToldEvent) => void>>();
  return {
    emit(event) {
      const told = stamped(event, Date.now());
      const target = channel(channelOf(event.type));
      if (target.hasSubscribers) target.publish(told);
      for (const listener of [...(listeners.get(event.type) ?? []), ...(listeners.get('*') ?? [])])
        callSafely(listener, told);
    },
    on(type: LensEventType | '*', listener: (event: never) => void) {
      assertHeard(type, listener);
      const set = listeners.get(type) ?? new Set();
      listeners.set(type, set);
      const entry = listener as (event: ToldEvent) => void;
      set.add(entry);
      return () => void set.delete(entry);
    },
    close: () => listeners.clear(),
  };
}

/** A type that never comes would look like a process in which nothing happens. */
function assertHeard(type: string, listener: unknown): void {
  if (type !== '*' && !Object.hasOwn(eventDocs, type))
    throw fail('option_invalid', {
      option: 'type',
      reason: `there is no event "${type}"; known: *, ${Object.keys(eventDocs).join(', ')}.`,
    });
  if (typeof listener !== 'function')
    throw fail('option_invalid', { option: 'listener', reason: 'it must be a function.' });
}

function callSafely(listener: (event: ToldEvent) => void, event: ToldEvent): void {
  try {
    listener(event);
  } catch (error) {
    // As diagnostics_channel does: the listener's fault surfaces as its own uncaught error, not inside our caller.
    process.nextTick(() => {
      throw error;
    });
  }
}
