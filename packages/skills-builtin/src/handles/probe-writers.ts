// Who writes to sockets whose writes pile up in memory, seen between two looks at them: for that long the socket's own
// `write` stands in front of its class's. It ends at the second look, or by itself with the first write after its deadline.
import type { AppFrame } from '../app-frame.ts';
import { callingFrame } from './call-site.ts';

// Taken at load: a user's fake timers must not move it.
const clock = performance.now.bind(performance);

const MAX_SECONDS = 30;
const MAX_SOCKETS = 20;
/** Of each socket; about 10 us each. */
const MAX_STACKS = 10;

type Write = (...args: unknown[]) => unknown;
interface Writable {
  write?: Write;
}

interface Written {
  writes: number;
  readonly frames: AppFrame[];
}

export interface Writer {
  /** Who was seen writing most often. */
  readonly frame: AppFrame;
  readonly writes: number;
}

export interface WritersWatch {
  /** Ends the one before. */
  arm(sockets: readonly object[], seconds: number): void;
  of(socket: object): Writer | undefined;
  disarm(): void;
}

export function createWritersWatch(): WritersWatch {
  const undos: (() => void)[] = [];
  let written = new WeakMap<object, Written>();
  let endsAt = 0;
  const disarm = (): void => {
    for (const undo of undos.splice(0)) undo();
  };
  const note = (socket: object): void => {
    if (clock() > endsAt) {
      disarm();
      return;
    }
    const seen = written.get(socket) ?? { writes: 0, frames: [] };
    written.set(socket, seen);
    seen.writes += 1;
    const frame = seen.frames.length < MAX_STACKS ? callingFrame() : undefined;
    if (frame !== undefined) seen.frames.push(frame);
  };
  return {
    disarm,
    arm(sockets, seconds) {
      disarm();
      written = new WeakMap();
      endsAt = clock() + 1_000 * Math.min(MAX_SECONDS, seconds);
      undos.push(...sockets.slice(0, MAX_SOCKETS).map((socket) => watchWrites(socket, note)));
    },
    of(socket) {
      const { writes = 0, frames = [] } = written.get(socket) ?? {};
      const groups = Map.groupBy(frames, ({ file, line, name }) => `${name} ${file}:${line}`);
      const [most] = [...groups.values()].sort((a, b) => b.length - a.length);
      return most?.[0] && { frame: most[0], writes };
    },
  };
}

/** One that the app has put in front already is left alone. */
function watchWrites(socket: Writable, note: (socket: object) => void): () => void {
  const { write } = socket;
  if (write === undefined || Object.hasOwn(socket, 'write')) return () => {};
  const watched: Write = function (this: unknown, ...args) {
    try {
      note(socket);
    } catch {
      // The app writes, whatever happens here.
    }
    return Reflect.apply(write, this, args);
  };
  Object.defineProperty(socket, 'write', { value: watched, configurable: true, writable: true });
  const ref = new WeakRef(socket);
  return () => {
    const still = ref.deref();
    if (still?.write === watched) delete still.write;
  };
}
