// Which file systems are looked at: those of the working directory, of temporary files and of folders that the
// environment names, and the writable ones of the machine. Pure. Network file systems are left out: a server that does not answer would hold a thread that
// belongs to the app.
import type { Mount } from './proc-text.ts';

export interface DiskPlace {
  /** Where it is asked and how it is named. */
  readonly path: string;
  /** Undefined where the mounts are unknown. */
  readonly type: string | undefined;
  /** Which of the process's own folders are on it. */
  readonly holds: readonly string[];
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
/** In memory, for the system's own small files; what is mounted elsewhere is somebody's volume. */
const OF_SYSTEM = /^\/(?:dev(?!\/shm(?:\/|$))|proc|run|sys|var\/run|var\/lock)(?:\/|$)/;
const MAX_PLACES = 10;

export interface OwnFolders {
  readonly cwd: string;
  readonly tmp: string;
  /** Values of the environment, by variable: where a service is told to keep its files. */
  readonly env?: { readonly [variable: string]: string | undefined };
}

const MAX_VARIABLES = 3;
/** Where the process was started, and by whom: not what it was told to use. */
const OF_SHELL = /^(?:HOME|PWD|OLDPWD|PATH|_)$/;

export function diskPlaces(mounts: readonly Mount[], folders: OwnFolders): readonly DiskPlace[] {
  const { cwd, tmp } = folders;
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
      (!mount.isReadOnly && (mount.type !== 'tmpfs' || !OF_SYSTEM.test(mount.path))));
  const byDevice = Map.groupBy(
    [ofCwd, ofTmp, ...mounts.toSorted(layersLast)].filter((mount) => mount !== undefined).filter(isWorthIt),
    ({ device }) => device,
  );
  return [...byDevice.values()].slice(0, MAX_PLACES).flatMap((same): DiskPlace[] => {
    const [first] = same;
    if (first === undefined) return [];
    const holds = (['cwd', 'tmp'] as const).filter(
      (name) => (name === 'cwd' ? ofCwd : ofTmp)?.device === first.device,
    );
    const variables = first.path === '/' ? [] : variablesIn(same, folders.env ?? {});
    return [{ path: first.path, type: first.type, holds: [...holds, ...variables] }];
  });
}

/** The disks of other containers on a machine that runs some. */
const layersLast = (a: Mount, b: Mount): number =>
  Number(a.type === 'overlay') - Number(b.type === 'overlay');

/** Variables that name a folder on one of these; never their values. */
const variablesIn = (mounts: readonly Mount[], env: { readonly [name: string]: string | undefined }) =>
  Object.entries(env)
    .filter(
      ([name, value]) =>
        !OF_SHELL.test(name) &&
        mounts.some(({ path }) => path !== '/' && (value === path || value?.startsWith(`${path}/`))),
    )
    .map(([name]) => `env ${name}`)
    .slice(0, MAX_VARIABLES);

/** The own folders that are on a file system which is not looked at, with its type. */
export const unseenFolders = (
  mounts: readonly Mount[],
  folders: Pick<OwnFolders, 'cwd' | 'tmp'>,
): readonly string[] =>
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
