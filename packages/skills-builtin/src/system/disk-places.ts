// Which file systems are looked at: those of the working directory and of temporary files, and the writable ones of
// the machine. Pure. Network file systems are left out: a server that does not answer would hold a thread that
// belongs to the app.
import type { Mount } from './proc-text.ts';

export interface DiskPlace {
  /** Where it is asked and how it is named. */
  readonly path: string;
  /** Undefined where the mounts are unknown. */
  readonly type: string | undefined;
  /** Which of the process's own folders are on it. */
  readonly holds: readonly ('cwd' | 'tmp')[];
}

const LOCAL: ReadonlySet<string> = new Set([
  'ext2',
  'ext3',
  'ext4',
  'xfs',
  'btrfs',
  'zfs',
  'f2fs',
  'overlay',
  'tmpfs',
]);
/** Of the many in memory only these fill up in practice. */
const IN_MEMORY: ReadonlySet<string> = new Set(['/tmp', '/dev/shm']);
const MAX_PLACES = 10;

export interface OwnFolders {
  readonly cwd: string;
  readonly tmp: string;
}

export function diskPlaces(mounts: readonly Mount[], { cwd, tmp }: OwnFolders): readonly DiskPlace[] {
  if (mounts.length === 0)
    return [
      { path: cwd, type: undefined, holds: ['cwd'] },
      { path: tmp, type: undefined, holds: ['tmp'] },
    ];
  const ofCwd = mountOf(cwd, mounts);
  const ofTmp = mountOf(tmp, mounts);
  const isWorthIt = (mount: Mount): boolean =>
    LOCAL.has(mount.type) &&
    (mount === ofCwd ||
      mount === ofTmp ||
      (!mount.isReadOnly && (mount.type !== 'tmpfs' || IN_MEMORY.has(mount.path))));
  const byDevice = Map.groupBy(
    [ofCwd, ofTmp, ...mounts].filter((mount) => mount !== undefined).filter(isWorthIt),
    ({ device }) => device,
  );
  return [...byDevice.values()].slice(0, MAX_PLACES).flatMap((same): DiskPlace[] => {
    const [first] = same;
    if (first === undefined) return [];
    const holds = (['cwd', 'tmp'] as const).filter(
      (name) => (name === 'cwd' ? ofCwd : ofTmp)?.device === first.device,
    );
    return [{ path: first.path, type: first.type, holds }];
  });
}

/** The own folders that are on a file system which is not looked at, with its type. */
export const unseenFolders = (mounts: readonly Mount[], folders: OwnFolders): readonly string[] =>
  (['cwd', 'tmp'] as const).flatMap((name) => {
    const mount = mountOf(folders[name], mounts);
    return mount === undefined || LOCAL.has(mount.type) ? [] : [`disk of ${name} (${mount.type})`];
  });

/** The deepest mount above a path; of two at the same place the later one covers the other. */
function mountOf(path: string, mounts: readonly Mount[]): Mount | undefined {
  return mounts
    .filter((mount) => mount.path === '/' || path === mount.path || path.startsWith(`${mount.path}/`))
    .reduce<Mount | undefined>(
      (deepest, mount) =>
        deepest === undefined || mount.path.length >= deepest.path.length ? mount : deepest,
      undefined,
    );
}
