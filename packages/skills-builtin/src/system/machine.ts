// The machine as the skill reaches it: files, clocks and disks, so that another one can take its place.
import { statfs } from 'node:fs/promises';
import { uptime } from 'node:os';
import { createTextReader, type TextReader } from './text-reader.ts';

export interface Clocks {
  /** Can be set, by hand or by a time server. */
  wallMs(): number;
  /** Never set; stands still while the machine sleeps. */
  monotonicMs(): number;
  /** Since boot, with the time asleep. */
  bootMs(): number;
}

/** What `statfs` tells. */
export interface DiskStat {
  readonly bsize: number;
  readonly blocks: number;
  readonly bfree: number;
  readonly bavail: number;
  readonly files: number;
  readonly ffree: number;
}

export interface Machine {
  readonly reader: TextReader;
  readonly clocks: Clocks;
  readonly statDisk: (path: string) => Promise<DiskStat>;
}

/** @param root folder that holds `proc` and `sys`; default `/` */
export const createMachine = (root: string): Machine => ({
  reader: createTextReader(root),
  clocks: {
    wallMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    bootMs: () => uptime() * 1_000,
  },
  statDisk: (path) => statfs(path),
});
