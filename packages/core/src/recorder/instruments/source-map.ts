// Frames as people read them: URLs become paths, generated positions become original ones where the script has a
// source map. Maps are kept for the last 100 scripts, and read synchronously: libuv's threads may be what is full.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LEAST_UPPER_BOUND, originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import type { CodeLocation } from '../context.ts';

/** A frame as V8 tells it. */
export interface RawFrame {
  readonly name: string;
  readonly url: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
}

export interface Locator {
  /** The frame as it stands, at once. */
  plain(frame: RawFrame): CodeLocation;
  /** The frame in its original source; the plain one when there is no map or it cannot be read. */
  locate(frame: RawFrame): Promise<CodeLocation>;
}

const CAPACITY = 100;
/** A map bigger than this is not worth the recorder's time (about 100 ms of parsing). */
const MAX_BYTES = 32 * 1024 * 1024;

export function createLocator(): Locator {
  const maps = new Map<string, Promise<TraceMap | undefined>>();
  const mapOf = (file: string): Promise<TraceMap | undefined> => {
    const known = maps.get(file);
    if (known !== undefined) return known;
    const [oldest] = maps.keys();
    if (maps.size >= CAPACITY && oldest !== undefined) maps.delete(oldest);
    // A file that cannot be read or a map that cannot be parsed is the same as none.
    const loading = loadMap(file).catch(() => undefined);
    maps.set(file, loading);
    return loading;
  };
  return {
    plain,
    async locate(frame) {
      const location = plain(frame);
      if (!frame.url.startsWith('file:') && !location.file.startsWith('/')) return location;
      const map = await mapOf(location.file);
      return map === undefined ? location : original(map, location);
    },
  };
}

function plain({ name, url, line, column }: RawFrame): CodeLocation {
  // V8 puts a module's own code and its built-ins at line 0.
  return {
    name: name || '(anonymous)',
    file: pathOf(url),
    line: Math.max(1, line),
    column: Math.max(1, column),
  };
}

function pathOf(url: string): string {
  if (!url.startsWith('file:')) return url;
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
}

async function loadMap(file: string): Promise<TraceMap | undefined> {
  const source = readFileSync(file, 'utf8');
  const at = source.lastIndexOf('//# sourceMappingURL=');
  if (at === -1) return undefined;
  const reference = source.slice(at + '//# sourceMappingURL='.length).split(/\s/, 1)[0] ?? '';
  const text = readReference(reference, file);
  if (text === undefined || text.length > MAX_BYTES) return undefined;
  return new TraceMap(text, file);
}

function readReference(reference: string, file: string): string | undefined {
  const inline = /^data:application\/json[^,]*?(;base64)?,(.*)$/.exec(reference);
  if (inline !== null)
    return inline[1]
      ? Buffer.from(inline[2] ?? '', 'base64').toString()
      : decodeURIComponent(inline[2] ?? '');
  if (/^[a-z]+:/.test(reference) || reference === '') return undefined;
  return readFileSync(resolve(dirname(file), decodeURIComponent(reference)), 'utf8');
}

function original(map: TraceMap, location: CodeLocation): CodeLocation {
  const position = { line: location.line, column: Math.max(0, (location.column ?? 1) - 1) };
  const exact = originalPositionFor(map, position);
  // A profile knows lines only: the first mapping of the line is as near as one can get.
  const found =
    exact.source === null ? originalPositionFor(map, { ...position, bias: LEAST_UPPER_BOUND }) : exact;
  if (found.source === null) return location;
  return {
    name: location.name,
    file: pathOf(resolveSource(found.source, location.file)),
    line: found.line,
    column: found.column + 1,
  };
}

const resolveSource = (source: string, file: string): string =>
  /^[a-z-]+:/.test(source) ? source : resolve(dirname(file), source);
