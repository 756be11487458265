// Since when each descriptor has been seen, and each connection has been in CLOSE_WAIT: the kernel does not tell. Holds
// no more than the last reading saw.
import type { Connection } from './connections.ts';
import type { Descriptor } from './descriptors.ts';

export interface Ages {
  seeDescriptors(atMs: number, descriptors: readonly Descriptor[]): void;
  seeConnections(atMs: number, connections: readonly Connection[]): void;
  /** How long this file or socket has been seen under its number, in ms. */
  descriptorMs(descriptor: Descriptor, nowMs: number): number;
  closeWaitMs(inode: string, nowMs: number): number;
}

export function createAges(): Ages {
  let descriptorsSince = new Map<string, number>();
  let closeWaitSince = new Map<string, number>();
  const age = (since: number | undefined, nowMs: number): number =>
    since === undefined ? 0 : Math.max(0, nowMs - since);
  const seenAt = (known: Map<string, number>, key: string, atMs: number): [string, number] => [
    key,
    known.get(key) ?? atMs,
  ];
  return {
    seeDescriptors(atMs, descriptors) {
      descriptorsSince = new Map(descriptors.map((one) => seenAt(descriptorsSince, keyOf(one), atMs)));
    },
    seeConnections(atMs, connections) {
      const closing = connections.filter(({ row }) => row.state === 'CLOSE_WAIT');
      closeWaitSince = new Map(closing.map(({ row }) => seenAt(closeWaitSince, row.inode, atMs)));
    },
    descriptorMs: (descriptor, nowMs) => age(descriptorsSince.get(keyOf(descriptor)), nowMs),
    closeWaitMs: (inode, nowMs) => age(closeWaitSince.get(inode), nowMs),
  };
}

export const keyOf = ({ fd, target }: Descriptor): string => `${fd} ${target}`;
