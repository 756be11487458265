// How full the disks are, now and in the last ten minutes or more. Asked in the background, every few seconds, and when
// somebody wants to know; a disk may take its time to answer, and nobody waits long for it.
import { tmpdir } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { megabytes, round } from '../wording.ts';
import { type DiskPlace, diskPlaces, unseenFolders } from './disk-places.ts';
import { growthPerMinute, minutesUntil, type Point } from './growth.ts';
import type { DiskStat, Machine } from './machine.ts';
import { parseMounts } from './proc-text.ts';

const CAPACITY = 120;
/** What is mounted is looked up again after so many times. */
const MOUNTS_EVERY = 6;
/** So little is nothing: on a large disk a share is much, on a small one a megabyte is. */
const NOTHING_MB = 1;
const NOTHING_PERCENT = 98;
const NOTHING_INODES = 5;

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
  readonly inodesLeft: number | undefined;
  /** Which of the two has run out: writing fails with ENOSPC; null while there is some of both. */
  readonly ranOut: 'space' | 'inodes' | null;
  readonly mbPerMinute: number | undefined;
  readonly minutesUntilFull: number | undefined;
}

export interface DiskWatch {
  /** Asks all disks, unless the last time has not ended yet. Resolves after `patienceMs` at the latest. */
  refresh(patienceMs: number): Promise<void>;
  /** Those that have run out of something first, then the fullest; empty until a first answer is there. */
  figures(): readonly DiskFigures[];
  readonly unavailable: readonly string[];
}

interface Disk {
  readonly place: DiskPlace;
  stat: DiskStat | undefined;
  readonly used: Point[];
}

export function createDiskWatch(machine: Machine): DiskWatch {
  const folders = { cwd: process.cwd(), tmp: tmpdir(), env: process.env };
  let disks: readonly Disk[] = [];
  let unavailable: readonly string[] = [];
  const find = (): void => {
    const mounts = parseMounts(machine.reader.text('proc/self/mountinfo'));
    disks = diskPlaces(mounts, folders).map((place) => {
      const known = disks.find((disk) => disk.place.path === place.path && disk.place.type === place.type);
      return { place, stat: known?.stat, used: known?.used ?? [] };
    });
    unavailable = unseenFolders(mounts, folders);
  };
  find();
  let times = 0;
  let running: Promise<void> | undefined;
  const askAll = async (): Promise<void> => {
    times += 1;
    if (times % MOUNTS_EVERY === 0) find();
    for (const disk of disks) await ask(machine, disk);
    running = undefined;
  };
  return {
    async refresh(patienceMs) {
      running ??= askAll();
      const late = new AbortController();
      await Promise.race([running, setTimeout(patienceMs, undefined, { signal: late.signal, ref: false })]);
      late.abort();
    },
    figures: () =>
      disks
        .flatMap(({ place, stat, used }) =>
          stat === undefined || stat.blocks === 0 ? [] : [diskFigures(place, stat, used)],
        )
        .sort(
          (a, b) => Number(b.ranOut !== null) - Number(a.ranOut !== null) || b.usedPercent - a.usedPercent,
        ),
    get unavailable() {
      return unavailable;
    },
  };
}

async function ask({ statDisk, clocks }: Machine, disk: Disk): Promise<void> {
  // One that cannot be asked any more has been taken away.
  disk.stat = await statDisk(disk.place.path).catch(() => undefined);
  if (disk.stat === undefined) return;
  disk.used.push({ atMs: clocks.monotonicMs(), value: usedMb(disk.stat) });
  if (disk.used.length > CAPACITY) disk.used.shift();
}

const usedMb = ({ bsize, blocks, bfree }: DiskStat): number => megabytes((blocks - bfree) * bsize);

function diskFigures(place: DiskPlace, stat: DiskStat, history: readonly Point[]): DiskFigures {
  const used = stat.blocks - stat.bfree;
  const mine = Math.max(1, used + stat.bavail);
  const mbPerMinute = growthPerMinute(history);
  const usedPercent = round((100 * used) / mine);
  const availableMb = megabytes(stat.bavail * stat.bsize);
  return {
    ...place,
    totalMb: Math.round(megabytes(stat.blocks * stat.bsize)),
    availableMb: Math.round(availableMb),
    usedPercent,
    inodesUsedPercent: stat.files > 0 ? round((100 * (stat.files - stat.ffree)) / stat.files) : undefined,
    inodesLeft: stat.files > 0 ? stat.ffree : undefined,
    ranOut: ranOut(stat, { usedPercent, availableMb }),
    mbPerMinute,
    minutesUntilFull: minutesUntil(megabytes(mine * stat.bsize), {
      value: usedMb(stat),
      perMinute: mbPerMinute,
    }),
  };
}

function ranOut(
  { files, ffree }: DiskStat,
  { usedPercent, availableMb }: Pick<DiskFigures, 'usedPercent' | 'availableMb'>,
): DiskFigures['ranOut'] {
  if (files > 0 && ffree <= Math.min(NOTHING_INODES, files / 50)) return 'inodes';
  return usedPercent >= NOTHING_PERCENT && availableMb < NOTHING_MB ? 'space' : null;
}
