// Dead letters as events. A flood of them must not become a flood of events: of letters that are alike the first is
// told at once, the others by their number, once a second.
import type { JsonValue } from '../../json.ts';
import type { LensEventOf } from '../../telemetry/events.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { DeadLetter } from './port-ref.ts';

type DeadLetterEvent = LensEventOf<'actor.dead_letter'>;

const QUIET_MS = 1_000;
/** Kinds of letters that are told apart at a time; what goes beyond is told as of one actor. */
const MAX_KINDS = 100;
const MANY = '(many)';

interface Kind {
  readonly event: Omit<DeadLetterEvent, 'count'>;
  /** Letters since the last event. */
  count: number;
}

export interface DeadLetterReport {
  report(letter: DeadLetter): void;
  /** Tells what is still to be told. */
  close(): void;
}

export function createDeadLetterReport(
  onEvent: (event: DeadLetterEvent) => void,
  clock: Clock = systemClock,
): DeadLetterReport {
  const kinds = new Map<string, Kind>();
  let undo: (() => void) | undefined;
  const tell = (kind: Kind): void => {
    const { count } = kind;
    kind.count = 0;
    if (count > 0) onEvent({ ...kind.event, count });
  };
  const tellAll = (): void => {
    undo = undefined;
    for (const [key, kind] of kinds)
      if (kind.count > 0) tell(kind);
      else kinds.delete(key);
    if (kinds.size > 0) undo = clock.after(QUIET_MS, tellAll);
  };
  return {
    report(letter) {
      const event = eventOf(letter);
      const key = JSON.stringify(event);
      const known = kinds.get(key) ?? (kinds.size < MAX_KINDS ? undefined : kinds.get(MANY));
      if (known !== undefined) {
        known.count += 1;
        return;
      }
      const isLast = kinds.size >= MAX_KINDS;
      const kind: Kind = { event: isLast ? { ...event, actor: MANY } : event, count: 1 };
      kinds.set(isLast ? MANY : key, kind);
      tell(kind);
      undo ??= clock.after(QUIET_MS, tellAll);
    },
    close() {
      undo?.();
      for (const kind of kinds.values()) tell(kind);
      kinds.clear();
    },
  };
}

function eventOf({ actor, why, message }: DeadLetter): Omit<DeadLetterEvent, 'count'> {
  const messageType = typeOf(message);
  return { type: 'actor.dead_letter', actor, why, ...(messageType !== undefined && { messageType }) };
}

function typeOf(message: JsonValue): string | undefined {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) return undefined;
  const { type } = message as { readonly type?: JsonValue };
  return typeof type === 'string' ? type : undefined;
}
