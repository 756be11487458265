// Observes what is written to stdout or stderr by whoever writes there. The write is passed on as it came; what it
// returns or throws is the stream's. It stands in the prototype chain and not on the stream itself, because pino
// compares the two and takes another way of writing when they differ.
import type { Writable } from 'node:stream';
import { now, type Outlet, type StreamName } from './probe-outlet.ts';
import { isSevereText } from './severe-text.ts';

const MAX_TOLD = 4_096;
/** Of a longer chunk the lines are counted up to here, and the rest by its length. */
const MAX_COUNTED = 65_536;
/** A line of 100 characters takes a hundredth of that. */
const COSTLY_MS = 1;

type Write = (this: unknown, ...args: unknown[]) => unknown;

export function watchStream(name: StreamName, outlet: Outlet): () => void {
  const stream = process[name];
  const original = stream.write as unknown as Write;
  let isWatching = true;
  const write: Write = function (...args) {
    if (!isWatching) return Reflect.apply(original, this, args);
    const startedAt = observe(name, args[0], outlet);
    try {
      return Reflect.apply(original, this, args);
    } finally {
      observeEnd(args[0], now() - startedAt, outlet);
    }
  };
  Object.defineProperty(write, 'name', { value: 'write' });
  const uncover = Object.hasOwn(stream, 'write') ? replaceOwn(stream, write) : coverPrototype(stream, write);
  return () => {
    // Who has wrapped the write after us keeps calling it.
    isWatching = false;
    uncover();
  };
}

function replaceOwn(stream: Writable, write: Write): () => void {
  const original = stream.write;
  stream.write = write as typeof stream.write;
  return () => {
    if ((stream.write as unknown) === write) stream.write = original;
  };
}

function coverPrototype(stream: Writable, write: Write): () => void {
  const base = Object.getPrototypeOf(stream) as object;
  const cover = Object.create(base, {
    write: { value: write, writable: true, configurable: true, enumerable: true },
    constructor: { value: constructorOf(base), writable: true, configurable: true },
  }) as { constructor: { prototype: unknown } };
  cover.constructor.prototype = cover;
  Object.setPrototypeOf(stream, cover);
  return () => {
    if (Object.getPrototypeOf(stream) === cover) Object.setPrototypeOf(stream, base);
  };
}

/** Makes what the stream's own constructor makes, under the same name. */
function constructorOf(base: object): object {
  const own = base.constructor;
  const stand = (...args: unknown[]): object => Reflect.construct(own, args);
  Object.defineProperty(stand, 'name', { value: own.name });
  return Object.setPrototypeOf(stand, own) as object;
}

/** Since when the write is worked on. */
function observe(stream: StreamName, chunk: unknown, outlet: Outlet): number {
  try {
    const announcement = outlet.announced(stream, chunk);
    if (announcement?.by === 'pino') return announcement.atMs;
    if (typeof chunk === 'string') outlet.count('bytes', Buffer.byteLength(chunk));
    else if (chunk instanceof Uint8Array) outlet.count('bytes', chunk.byteLength);
    if (announcement !== undefined) return announcement.atMs;
    const text = textOf(chunk);
    if (text.beginning !== '') tellLines(stream, text, outlet);
  } catch {
    // The app's write goes on, whatever it has given.
  }
  return now();
}

/** Of a text in characters: of this size the difference does not matter. */
const lengthOf = (chunk: unknown): number =>
  typeof chunk === 'string' ? chunk.length : chunk instanceof Uint8Array ? chunk.byteLength : 0;

function observeEnd(chunk: unknown, ms: number, outlet: Outlet): void {
  outlet.count('spentMs', ms);
  if (ms < COSTLY_MS) return;
  try {
    outlet.tellCostly({ ms, bytes: lengthOf(chunk) });
  } catch {
    // As before the write.
  }
}

interface ChunkText {
  readonly beginning: string;
  /** How many times longer the chunk is than its beginning. */
  readonly times: number;
}

function textOf(chunk: unknown): ChunkText {
  if (typeof chunk === 'string')
    return chunk.length <= MAX_COUNTED
      ? { beginning: chunk, times: 1 }
      : { beginning: chunk.slice(0, MAX_COUNTED), times: chunk.length / MAX_COUNTED };
  if (!(chunk instanceof Uint8Array)) return { beginning: '', times: 1 };
  const length = Math.min(chunk.byteLength, MAX_COUNTED);
  const beginning = Buffer.from(chunk.buffer, chunk.byteOffset, length).toString();
  return { beginning, times: chunk.byteLength / Math.max(1, length) };
}

function tellLines(stream: StreamName, { beginning, times }: ChunkText, outlet: Outlet): void {
  const lines = Math.round(lineEnds(beginning) * times);
  const isSevere = isSevereText(beginning);
  outlet.count(stream === 'stdout' ? 'stdoutLines' : 'stderrLines', lines);
  outlet.count(isSevere ? 'errorLines' : 'unlevelledLines', lines);
  const isUrgent = isSevere || stream === 'stderr';
  if (!outlet.admits(isUrgent)) {
    outlet.count('untoldLines', lines);
    return;
  }
  const text = beginning.slice(0, MAX_TOLD);
  outlet.tell({ source: stream, text }, isUrgent);
  if (text.length < beginning.length || times > 1) outlet.count('untoldLines', lines - lineEnds(text));
}

function lineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
