// The process warnings that the probe told, bounded. Those about listeners are kept apart: Node tells each leak once
// only, so a flood of others must not push it out.
import type { JsonObject, ProbeFeed } from '@nodelens/core';
import { numberOf, type Place, placeOf, textOf } from '../evidence.ts';
import type { VmEvent } from './event.ts';

export const LISTENER_WARNING = 'MaxListenersExceededWarning';

const KEPT = 500;
const LISTENERS_KEPT = 100;

export interface ProcessWarning {
  readonly atMs: number;
  readonly name: string;
  readonly code: string;
  readonly message: string;
  /** The app's own code that led to it. */
  readonly frame: Place | undefined;
  /** Of a warning about listeners; `id` is what the probe counts them by. */
  readonly emitter?: {
    readonly id: number;
    readonly kind: string;
    readonly event: string;
    readonly listeners: number;
  };
}

export interface Warnings {
  /** Newest first. */
  all(): readonly ProcessWarning[];
  /** Newest first; also those that are older than what `all` tells. */
  ofListeners(): readonly ProcessWarning[];
}

export function keepWarnings(feed: ProbeFeed): Warnings {
  let others: ProcessWarning[] = [];
  let listeners: ProcessWarning[] = [];
  feed.onEvent((event) => {
    const warning = warningOf(event);
    if (warning.name === LISTENER_WARNING) listeners = [...listeners, warning].slice(-LISTENERS_KEPT);
    else {
      others.push(warning);
      // In bulk, so that a flood costs no copy for each.
      if (others.length >= 2 * KEPT) others = others.slice(-KEPT);
    }
  });
  return {
    all: () => [...others.slice(-KEPT), ...listeners].sort((a, b) => b.atMs - a.atMs),
    ofListeners: () => listeners.toReversed(),
  };
}

function warningOf(event: JsonObject): ProcessWarning {
  const message = textOf(event.message);
  return {
    atMs: numberOf(event.atMs),
    name: textOf(event.name),
    code: textOf(event.code),
    message,
    frame: placeOf(event.frame),
    ...(typeof event.emitterId === 'number' && {
      emitter: {
        id: event.emitterId,
        // Node names the class in the text only; the emitter itself stays on main.
        kind: / added to \[([^\]]{1,80})\]/.exec(message)?.[1] ?? 'emitter',
        event: textOf(event.event),
        listeners: numberOf(event.listeners),
      },
    }),
  };
}

export const eventOfWarning = ({ atMs, name, code, message, frame, emitter }: ProcessWarning): VmEvent => ({
  type: 'warning',
  atMs,
  facts: {
    name,
    ...(code !== '' && { code }),
    message,
    ...(frame !== undefined && { frame: { ...frame } }),
    ...(emitter !== undefined && {
      emitter: emitter.kind,
      event: emitter.event,
      listeners: emitter.listeners,
    }),
  },
});

/** Warnings that are one kind: the same name, code and place. */
export interface WarningKind {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly frame: Place | undefined;
  readonly count: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

/** Most frequent first. A flood's later ones carry no place: they belong to the place that the others share. */
export function kindsOf(warnings: readonly ProcessWarning[]): readonly WarningKind[] {
  const places = new Map<string, Place>();
  for (const { name, code, frame } of warnings)
    if (frame !== undefined) places.set(`${name}\0${code}`, frame);
  const groups = Map.groupBy(warnings, ({ name, code, frame }) => {
    const kind = `${name}\0${code}`;
    const at = frame ?? places.get(kind);
    return `${kind}\0${at?.file}\0${at?.line}`;
  });
  const kinds = [...groups.values()].map((group): WarningKind => {
    const [newest, oldest] = [group[0] as ProcessWarning, group.at(-1) as ProcessWarning];
    return {
      name: newest.name,
      code: newest.code,
      message: newest.message,
      frame: group.find(({ frame }) => frame !== undefined)?.frame,
      count: group.length,
      firstAtMs: oldest.atMs,
      lastAtMs: newest.atMs,
    };
  });
  return kinds.sort((a, b) => b.count - a.count);
}
