// What the skill draws from, and what it makes of the histories together: which path, peer or timers grow steadily.
import type { ProbeFeed, RecorderContext } from '@nodelens/core';
import { type Growth, steadyGrowth } from './growth.ts';
import { type DescriptorHistory, pointsOf } from './history.ts';
import type { MainHistory } from './main-counts.ts';
import type { ProcReader } from './proc-reader.ts';
import type { ConnectionReading } from './reading.ts';

export interface Sources {
  readonly context: RecorderContext;
  readonly feed: ProbeFeed;
  readonly reader: ProcReader;
  readonly descriptors: DescriptorHistory;
  readonly main: MainHistory;
}

export interface Growing extends Growth {
  readonly name: string;
}

/** So many of the most numerous groups are looked at. */
const LOOKED_AT = 10;
/** Where names have nothing in common. */
export const ALL_FILES = '(files of many paths)';

/** The path pattern whose open files grow fastest; undefined while none grows steadily. */
export function growingFiles({ descriptors }: Pick<Sources, 'descriptors'>): Growing | undefined {
  const readings = descriptors.readings();
  const growing = fastest(readings, ({ files }) => files);
  if (growing !== undefined) return growing;
  const growth = steadyGrowth(pointsOf(readings, ({ kinds }) => kinds.file));
  return growth && { name: ALL_FILES, ...growth };
}

/** The peer that outgoing connections grow to. */
export const growingPeer = ({ descriptors }: Pick<Sources, 'descriptors'>): Growing | undefined =>
  growingIn(descriptors, ({ outgoing }) => outgoing);

/** The address that incoming connections grow from. */
export const growingClient = ({ descriptors }: Pick<Sources, 'descriptors'>): Growing | undefined =>
  growingIn(descriptors, ({ clients }) => clients);

type GroupsOf = (reading: ConnectionReading) => ReadonlyMap<string, number>;

const growingIn = (descriptors: DescriptorHistory, groupsOf: GroupsOf): Growing | undefined =>
  fastest(descriptors.connections(), groupsOf) ?? groupBehind(descriptors, groupsOf);

/** Of what sockets grow by, so much is of one peer, or of no one. */
const SHARE = 0.8;
const LEAST_GAIN = 20;

/**
 * Connections are read more seldom than sockets are counted: where all sockets grow steadily, and nearly all that came
 * between the first and the last reading of the connections are to one peer (or from one client), it is that one.
 */
function groupBehind(descriptors: DescriptorHistory, groupsOf: GroupsOf): Growing | undefined {
  const growth = steadyGrowth(pointsOf(descriptors.readings(), ({ kinds }) => kinds.socket));
  const newest = descriptors.latestConnections();
  if (growth === undefined || newest === undefined) return undefined;
  const sinceMs = (descriptors.latest()?.atMs ?? 0) - 1_000 * growth.windowSeconds;
  const before = descriptors.connections().find(({ atMs }) => atMs >= sinceMs);
  if (before === undefined || before === newest) return undefined;
  const gained = newest.outgoingCount + newest.incoming - before.outgoingCount - before.incoming;
  const [name, to] = [...groupsOf(newest)][0] ?? ['', 0];
  const from = groupsOf(before).get(name) ?? 0;
  return to - from >= Math.max(LEAST_GAIN, SHARE * gained) ? { ...growth, name, from, to } : undefined;
}

export const growingTimers = ({ main }: Pick<Sources, 'main'>): Growth | undefined =>
  steadyGrowth(pointsOf(main.counts(), ({ timers }) => timers));

export const growingWatchers = ({ main }: Pick<Sources, 'main'>): Growth | undefined =>
  steadyGrowth(pointsOf(main.counts(), ({ watchers }) => watchers));

function fastest<T extends { readonly atMs: number }>(
  readings: readonly T[],
  groupsOf: (reading: T) => ReadonlyMap<string, number>,
): Growing | undefined {
  const newest = readings.at(-1);
  if (newest === undefined) return undefined;
  const names = [...groupsOf(newest).keys()].slice(0, LOOKED_AT);
  const growing = names.flatMap((name): Growing[] => {
    const growth = steadyGrowth(pointsOf(readings, (reading) => groupsOf(reading).get(name) ?? 0));
    return growth === undefined ? [] : [{ name, ...growth }];
  });
  return growing.sort((a, b) => b.perMinute - a.perMinute)[0];
}
