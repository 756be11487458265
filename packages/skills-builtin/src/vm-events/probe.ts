// The probe of `vm-events`: process warnings on main, each with the app's frame that led to it. Of the emitters that
// Node warns about it remembers the latest weakly, so that the recorder can ask whether their listeners still grow.
import { EventEmitter, getEventListeners } from 'node:events';
import type { JsonObject, ProbePort } from '@nodelens/core';
import { appFrame } from '../app-frame.ts';
import { createBudget } from '../per-second.ts';

// Taken at load: a user's fake timers must not move the times.
const now = Date.now;

const MAX_MESSAGE_CHARS = 500;
const MAX_NAME_CHARS = 100;
/** Making the text of a stack takes main 20 µs and more; warnings of a flood are alike, so these tell enough. */
const STACKS_PER_SECOND = 20;
const WATCHED_EMITTERS = 20;

interface Watched {
  readonly id: number;
  readonly emitter: WeakRef<object>;
  readonly event: string | symbol;
}

export interface ListenerCount {
  readonly id: number;
  /** `null` when the emitter has been collected. */
  readonly listeners: number | null;
}

export function watchWarnings(port: ProbePort): () => void {
  const emitters = watchEmitters();
  const admit = createBudget();
  const listen = (warning: unknown): void => {
    try {
      port.emit({ ...factsOf(warning, admit(STACKS_PER_SECOND)), ...emitters.watch(warning) });
    } catch {
      // An app's own getter threw: without its facts there is nothing to tell, and the app must not notice.
    }
  };
  process.on('warning', listen);
  port.answer(() => emitters.counts().map((count) => ({ ...count })));
  return () => process.off('warning', listen);
}

function factsOf(warning: unknown, hasStack: boolean): JsonObject {
  const { name, code, message, stack } = (warning ?? {}) as { readonly [key: string]: unknown };
  const text = typeof message === 'string' ? message : '';
  const frame = hasStack && typeof stack === 'string' ? appFrame(stack, text) : undefined;
  return {
    atMs: now(),
    name: bounded(name) ?? 'Warning',
    code: bounded(code),
    message: text.slice(0, MAX_MESSAGE_CHARS),
    frame: frame && { ...frame },
  };
}

const bounded = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value.slice(0, MAX_NAME_CHARS) : undefined;

interface EmitterWatch {
  /** What is to be told of the emitter that a warning is about, if it is about one. */
  watch(warning: unknown): JsonObject;
  counts(): readonly ListenerCount[];
}

function watchEmitters(): EmitterWatch {
  let watched: Watched[] = [];
  let lastId = 0;
  return {
    watch(warning) {
      const { name, emitter, target, type } = (warning ?? {}) as { readonly [key: string]: unknown };
      const subject = emitter ?? target;
      if (name !== 'MaxListenersExceededWarning' || typeof subject !== 'object' || subject === null)
        return {};
      if (typeof type !== 'string' && typeof type !== 'symbol') return {};
      lastId += 1;
      const alive = watched.filter((one) => one.emitter.deref() !== undefined);
      watched = [...alive, { id: lastId, emitter: new WeakRef(subject), event: type }].slice(
        -WATCHED_EMITTERS,
      );
      return {
        emitterId: lastId,
        event: String(type).slice(0, MAX_NAME_CHARS),
        // Not the warning's own figure: what the same turn has added since belongs to it.
        listeners: countListeners(subject, type),
      };
    },
    counts: () =>
      watched.map(({ id, emitter, event }) => {
        const subject = emitter.deref();
        return { id, listeners: subject === undefined ? null : countListeners(subject, event) };
      }),
  };
}

function countListeners(subject: object, event: string | symbol): number {
  return subject instanceof EventEmitter
    ? EventEmitter.prototype.listenerCount.call(subject, event)
    : getEventListeners(subject as EventTarget, event as string).length;
}
