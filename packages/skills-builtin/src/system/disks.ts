// How full the disks are, now and in the last hour. Asked in the background, once per half minute: a disk may take its
// time to answer, and whoever wants the figures must not wait for it.
import { tmpdir } from 'node:os';
import { megabytes, round } from '../wording.ts';
import { type DiskPlace, diskPlaces, unseenFolders } from './disk-places.ts';
import { growthPerMinute, minutesUntil, type Point } from './growth.ts';
import type { DiskStat, Machine } from './machine.ts';
import { parseMounts } from './proc-text.ts';

export const DISK_INTERVAL_MS = 30_000;
const CAPACITY = 120;

export interface DiskFigures {
  readonly path: string;
  readonly type: string | undefined;
  readonly holds: readonly string[];
  readonly totalMb: number;
  /** For a user without special rights. */
  readonly availableMb: number;
  /** As df counts: of what such a user may have. */
  readonly usedPercent: number;
  /** Undefined where the file system makes them as needed. */
  readonly inodesUsedPercent: number | undefined;
  readonly mbPerMinute: number | undefined;
  readonly minutesUntilFull: number | undefined;
}

export interface DiskWatch {
  /** Asks all disks, unless the last time has not ended yet. */
  refresh(): Promise<void>;
  /** The fullest first; empty until a first answer is there. */
  figures(): readonly DiskFigures[];
  readonly unavailable: readonly string[];
}

export function createDiskWatch(machine: Machine): DiskWatch {
  const mounts = parseMounts(machine.reader.text('proc/self/mountinfo'));
  const folders = { cwd: process.cwd(), tmp: tmpdir() };
  const disks = diskPlaces(mounts, folders).map((place) => ({
    place,
    stat: undefined as DiskStat | undefined,
    used: [] as Point[],
  }));
  let running: Promise<void> | undefined;
  const askAll = async (): Promise<void> => {
    for (const disk of disks) {
      // One that cannot be asked any more has been taken away.
      disk.stat = await machine.statDisk(disk.place.path).catch(() => undefined);
      if (disk.stat === undefined) continue;
      disk.used.push({ atMs: machine.clocks.monotonicMs(), value: usedMb(disk.stat) });
      if (disk.used.length > CAPACITY) disk.used.shift();
    }
    running = undefined;
  };
  return {
    refresh() {
      running ??= askAll();
      return running;
    },
    figures: () =>
      disks
        .flatMap(({ place, stat, used }) =>
          stat === undefined || stat.blocks === 0 ? [] : [diskFigures(place, stat, used)],
        )
        .sort((a, b) => b.usedPercent - a.usedPercent),
    unavailable: unseenFolders(mounts, folders),
  };
}

const usedMb = ({ bsize, blocks, bfree }: DiskStat): number => megabytes((blocks - bfree) * bsize);

function diskFigures(place: DiskPlace, stat: DiskStat, history: readonly Point[]): DiskFigures {
  const used = stat.blocks - stat.bfree;
  const mine = Math.max(1, used + stat.bavail);
  const mbPerMinute = growthPerMinute(history);
  return {
    ...place,
    totalMb: Math.round(megabytes(stat.blocks * stat.bsize)),
    availableMb: Math.round(megabytes(stat.bavail * stat.bsize)),
    usedPercent: round((100 * used) / mine),
    inodesUsedPercent: stat.files > 0 ? round((100 * (stat.files - stat.ffree)) / stat.files) : undefined,
    mbPerMinute,
    minutesUntilFull: minutesUntil(megabytes(mine * stat.bsize), {
      value: usedMb(stat),
      perMinute: mbPerMinute,
    }),
  };
}
