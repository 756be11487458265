// Watches for some seconds who opens files, connections or timers, and holds it against what is open before and after:
// by that, what is opened and closed again is told apart from what stays.
import type { CodeLocation, JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, placeOf, textOf } from '../evidence.ts';
import { pause } from '../pause.ts';
import { keyOf } from './ages.ts';
import { ownSockets, peerFigures } from './connections.ts';
import { countPatterns, type Descriptor, isOfPattern } from './descriptors.ts';
import type { WatchKind } from './probe-openings.ts';
import type { Descriptors } from './proc-reader.ts';
import type { Sources } from './sources.ts';

export interface WatchRequest {
  readonly seconds: number;
  readonly kind: WatchKind;
  readonly signal: AbortSignal;
}

const TOLD = 10;
const BEYOND_MS = 2_000;

/** @throws NodelensError when main does not answer */
export async function watchOpenings(
  sources: Sources,
  { seconds, kind, signal }: WatchRequest,
): Promise<JsonObject> {
  const before = lookAt(sources, kind);
  // The probe's own deadline stands in for a recorder that has died; this one collects before it.
  const isArmed = await sources.feed.ask({ what: 'arm', kind, seconds: seconds + BEYOND_MS / 1_000 });
  if (isArmed !== true) return { kind, seconds, busy: true, openers: [] };
  await pause(seconds * 1_000, signal);
  const told = objectOf(await sources.feed.ask({ what: 'openings' }));
  const after = lookAt(sources, kind, before.descriptors?.every);
  const openings = listOf(told.openings);
  return {
    kind,
    seconds,
    seen: numberOf(told.seen),
    named: openings.length,
    endedEarly: told.endedEarly === true,
    limitation: textOf(told.limitation) === '' ? null : told.limitation,
    ...compare(before, after),
    openers: await locateAll(
      openersOf(openings, kind === 'files' ? openPaths(sources, after) : undefined),
      sources,
    ),
  };
}

interface Look {
  readonly kind: WatchKind;
  readonly descriptors: Descriptors | undefined;
  /** By {@link keyOf}. */
  readonly positions: ReadonlyMap<string, number>;
  readonly outgoing: ReadonlyMap<string, number>;
}

/** 15 us each. */
const MAX_POSITIONS = 300;

function lookAt({ descriptors, reader }: Sources, kind: WatchKind, every?: number): Look {
  const found = descriptors.look(every);
  const files = kind === 'files' ? filesOf(found) : [];
  const positions = files.slice(0, MAX_POSITIONS).flatMap((file): [string, number][] => {
    const at = reader.position(file.fd);
    return at === undefined ? [] : [[keyOf(file), at]];
  });
  const figures =
    kind === 'sockets' && found !== undefined
      ? peerFigures(ownSockets(found, reader.tcpTable()).connections, found.every)
      : [];
  return {
    kind,
    descriptors: found,
    positions: new Map(positions),
    outgoing: new Map(
      figures.filter(({ direction }) => direction === 'outgoing').map(({ peer, sockets }) => [peer, sockets]),
    ),
  };
}

const filesOf = (found: Descriptors | undefined): readonly Descriptor[] =>
  found?.sample.filter(({ kind }) => kind === 'file') ?? [];

function compare(before: Look, after: Look): JsonObject {
  switch (before.kind) {
    case 'files':
      return { patterns: comparePatterns(before, after) };
    case 'sockets':
      return {
        peers: [...after.outgoing]
          .slice(0, TOLD)
          .map(([peer, sockets]) => ({ peer, before: before.outgoing.get(peer) ?? 0, after: sockets })),
      };
    case 'timers':
    case 'watchers':
      return {};
  }
}

/** `kept`: of those looked at before, how many are open still; `untouched`: of these, whose position has not moved. */
function comparePatterns(before: Look, after: Look): readonly JsonObject[] {
  const [earlier, later] = [filesOf(before.descriptors), filesOf(after.descriptors)];
  const open = new Set(later.map(keyOf));
  const every = after.descriptors?.every ?? 1;
  const patterns = [...countPatterns(later.map(({ target }) => target))].slice(0, TOLD);
  return patterns.map(([pattern, count]) => {
    const known = earlier.filter(
      (file) => before.positions.has(keyOf(file)) && isOfPattern(file.target, pattern),
    );
    const kept = known.filter((file) => open.has(keyOf(file)));
    const untouched = kept.filter(
      (file) => before.positions.get(keyOf(file)) === after.positions.get(keyOf(file)),
    );
    return {
      pattern,
      before: every * earlier.filter(({ target }) => isOfPattern(target, pattern)).length,
      after: every * count,
      lookedAt: known.length,
      kept: kept.length,
      untouched: untouched.length,
    };
  });
}

/** 5 us each, once at the end of a watch. */
const MAX_PATHS = 8_192;

/** A finer sample than for the figures: each opening is looked for. */
function openPaths({ descriptors }: Sources, after: Look): (path: string) => boolean {
  const open = after.descriptors?.open ?? 0;
  const every = 2 ** Math.max(0, Math.ceil(Math.log2(open / MAX_PATHS)));
  const paths = new Set(filesOf(descriptors.look(every)).map(({ target }) => target));
  // The kernel tells the path behind symbolic links.
  const names = new Set([...paths].map(nameOf));
  return (path) => paths.has(path) || names.has(nameOf(path));
}

/** Most of what stays open first; of files by their paths, of the rest as main tells. */
function openersOf(
  openings: readonly JsonObject[],
  isOpenPath?: (path: string) => boolean,
): readonly JsonObject[] {
  const isOpen = ({ path, isOpen }: JsonObject): boolean =>
    isOpenPath === undefined ? isOpen === true : isOpenPath(textOf(path));
  const groups = Map.groupBy(openings, (opening) => JSON.stringify([opening.frame, opening.peer ?? null]));
  return [...groups.values()]
    .map((some) => {
      const staying = some.filter(isOpen);
      return {
        frame: some[0]?.frame ?? null,
        opened: some.length,
        stillOpen: staying.length,
        ...detailsOf(staying.length > 0 ? staying : some),
      };
    })
    .sort((a, b) => b.stillOpen - a.stillOpen || b.opened - a.opened)
    .slice(0, TOLD);
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

function detailsOf(some: readonly JsonObject[]): JsonObject {
  const { path, peer, isInterval } = some[0] ?? {};
  if (path !== undefined) return { path };
  if (isInterval === undefined) return { peer: peer ?? null };
  return {
    isInterval: some.every(({ isInterval }) => isInterval === true),
    delayMs: Math.max(...some.map(({ delayMs }) => numberOf(delayMs))),
  };
}

const locateAll = (openers: readonly JsonObject[], sources: Sources): Promise<readonly JsonObject[]> =>
  Promise.all(openers.map(async (opener) => ({ ...opener, frame: await located(opener.frame, sources) })));

/** Where the frame stands in its source; null when there is none. */
export async function located(
  frame: JsonValue | undefined,
  { context }: Pick<Sources, 'context'>,
): Promise<JsonValue> {
  const place = placeOf(frame);
  if (place === undefined) return null;
  const at: CodeLocation = { ...place, column: numberOf(objectOf(frame).column, 1) };
  const { name, file, line } = await context.locate(at);
  return { name, file, line };
}
