// Who opens what, watched on main for some seconds at the recorder's wish. It ends by itself: at its deadline or at its
// limit, whichever event sees it first, so also when the recorder is no more.
import { createHook } from 'node:async_hooks';
import { resolve } from 'node:path';
import type { JsonObject } from '@nodelens/core';
import type { AppFrame } from '../app-frame.ts';
import { createBudget } from '../per-second.ts';
import { callingFrame, type Openers } from './call-site.ts';
import { watchOpenCalls } from './probe-open-calls.ts';
import { isOpenHandle, peerOf, type TimerLike, timerFacts } from './probe-resources.ts';

// Taken at load: a user's fake timers must not move it.
const clock = performance.now.bind(performance);

export const WATCH_KINDS = ['files', 'sockets', 'timers', 'watchers'] as const;
export type WatchKind = (typeof WATCH_KINDS)[number];
export const isWatchKind = (kind: unknown): kind is WatchKind => WATCH_KINDS.includes(kind as WatchKind);

const MAX_SECONDS = 30;
const MAX_OPENINGS = 200;
/** About 10 us each. */
const STACKS_PER_SECOND = 50;
const MAX_PATH_CHARS = 300;

interface Opening {
  readonly frame: AppFrame;
  readonly path?: string;
  readonly resource?: WeakRef<object>;
}

export interface OpeningsWatch {
  /** False when another watch is on. */
  arm(kind: WatchKind, seconds: number): boolean;
  /** Ends the watch, and tells each opening that was sampled. */
  collect(): JsonObject;
  disarm(): void;
}

export function createOpeningsWatch(openers: Openers): OpeningsWatch {
  const ends: (() => void)[] = [];
  let endsAt = 0;
  let openings: Opening[] = [];
  let seen = 0;
  let limitation: string | null = null;
  const admit = createBudget();
  const disarm = (): void => {
    for (const end of ends.splice(0)) end();
  };
  /** Whether an event is to be looked at; it costs a look at the clock. */
  const isOn = (): boolean => {
    if (ends.length > 0 && clock() < endsAt && openings.length < MAX_OPENINGS) return true;
    disarm();
    return false;
  };
  const note = (of: { readonly path?: string; readonly resource?: object }): void => {
    seen += 1;
    if (!admit(STACKS_PER_SECOND)) return;
    const frame = callingFrame();
    if (frame === undefined) return;
    if (of.resource !== undefined) openers.set(of.resource, frame);
    openings.push({
      frame,
      ...(of.path !== undefined && { path: resolve(of.path).slice(0, MAX_PATH_CHARS) }),
      ...(of.resource !== undefined && { resource: new WeakRef(of.resource) }),
    });
  };
  return {
    disarm,
    arm(kind, seconds) {
      if (isOn()) return false;
      [openings, seen, limitation] = [[], 0, null];
      endsAt = clock() + 1_000 * Math.min(MAX_SECONDS, Math.max(0, seconds));
      ends.push(watchResources(kind, (of) => isOn() && note(of)));
      if (kind !== 'files') return true;
      const undo = watchOpenCalls((path) => isOn() && note({ path }));
      if (typeof undo === 'string') limitation = undo;
      else ends.push(undo);
      return true;
    },
    collect() {
      const endedEarly = ends.length === 0;
      disarm();
      const told = openings.map(toldOf);
      openings = [];
      return { seen, endedEarly, limitation, openings: told };
    },
  };
}

/** What async_hooks calls them. */
const WATCHED: { readonly [kind in Exclude<WatchKind, 'files'>]: readonly string[] } = {
  sockets: ['TCPWRAP'],
  timers: ['Timeout'],
  watchers: ['FSEVENTWRAP', 'STATWATCHER'],
};

type Note = (of: { readonly path?: string; readonly resource?: object }) => unknown;

/** Promises are left out (Node 24.12 and later): the hook then costs nothing for each of them. */
function watchResources(kind: WatchKind, note: Note): () => void {
  const hook = createHook({
    trackPromises: false,
    init(_id: number, type: string, _trigger: number, resource: object) {
      try {
        if (kind !== 'files') WATCHED[kind].includes(type) && note({ resource });
        else if (type === 'TickObject') noteStream(resource, note);
      } catch {
        // An exception in a hook would end the process.
      }
    },
  } as Parameters<typeof createHook>[0]).enable();
  return () => hook.disable();
}

/** A file's stream opens it a tick after it is made, when nothing on the stack tells by whom. */
function noteStream(
  tick: { readonly callback?: { readonly name?: unknown }; readonly args?: unknown },
  note: Note,
): void {
  if (tick.callback?.name !== 'constructNT') return;
  const stream = (tick.args as readonly unknown[] | undefined)?.[0] as
    | { readonly path?: unknown }
    | undefined;
  if (typeof stream?.path === 'string') note({ path: stream.path });
}

function toldOf({ frame, path, resource }: Opening): JsonObject {
  const alive = resource?.deref();
  return {
    frame: { ...frame },
    ...(path !== undefined && { path }),
    ...(resource !== undefined && {
      isOpen:
        alive !== undefined &&
        ('_idleTimeout' in alive ? timerFacts(alive as TimerLike).isActive : isOpenHandle(alive)),
    }),
    ...(alive !== undefined &&
      ('_idleTimeout' in alive ? timerFacts(alive as TimerLike) : { peer: peerOf(alive) })),
  };
}
