// An actor that records: every message is emitted as it comes, and kept for the asking.
import type { Actor, ActorContext, ChildSpec, JsonObject, JsonValue } from '@nodelens/core';

/** What the probe emits. */
export type ProbeEvent =
  | { readonly type: 'probe.started'; readonly input: JsonObject; readonly ports: readonly string[] }
  | { readonly type: 'probe.received'; readonly kind: 'tell' | 'ask'; readonly message: JsonValue }
  | { readonly type: 'probe.stopped'; readonly reason: string };

/** Messages that the probe obeys instead of recording them. */
export type ProbeCommand =
  /** ask: answers what was recorded, oldest first. */
  | { readonly type: 'probe.messages' }
  /** Throws an Error with this message, which ends the probe. */
  | { readonly type: 'probe.fail'; readonly message: string }
  /** Ends the probe as `normal`. */
  | { readonly type: 'probe.leave' };

/** Answers any other ask with the message itself. */
export function createProbe(input: JsonObject, context: ActorContext): Actor {
  const recorded: JsonValue[] = [];
  const emit = (event: ProbeEvent): void => context.emit(event);
  emit({ type: 'probe.started', input, ports: Object.keys(context.ports) });
  return {
    receive(message, { kind }) {
      const command = message as ProbeCommand | null;
      switch (command?.type) {
        case 'probe.messages':
          return [...recorded];
        case 'probe.fail':
          throw new Error(command.message);
        case 'probe.leave':
          context.exit({ kind: 'normal' });
          return message;
      }
      recorded.push(message);
      emit({ type: 'probe.received', kind, message });
      return message;
    },
    stop: (reason) => emit({ type: 'probe.stopped', reason: reason.kind }),
  };
}

/** The spec of a probe; temporary, in the host's thread, unless overridden. */
export const probeSpec = (id: string, overrides: Partial<ChildSpec> = {}): ChildSpec => ({
  id,
  module: import.meta.url,
  exportName: 'createProbe',
  input: {},
  restart: 'temporary',
  placement: 'local',
  ...overrides,
});
