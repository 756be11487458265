// Where the cgroups of the process are, by controller: version 1 has a tree for each, version 2 one for all, and a
// machine may have both. Pure, apart from reading.
import { type Mount, parseMounts } from './proc-text.ts';
import type { TextReader } from './text-reader.ts';

export interface Controller {
  readonly version: 1 | 2;
  /** The cgroup itself first, then its parents up to the mount: each of them may limit. */
  readonly folders: readonly string[];
}

export interface CgroupPlace {
  readonly cpu: Controller;
  readonly cpuacct: Controller;
  readonly memory: Controller;
}

const MAX_FOLDERS = 10;

/** Undefined where there are no cgroups. */
export function findCgroup(reader: TextReader): CgroupPlace | undefined {
  const lines = (reader.text('proc/self/cgroup') ?? '').split('\n').flatMap((line) => {
    const match = /^\d+:([^:]*):(.+)$/.exec(line);
    return match === null ? [] : [{ controllers: (match[1] as string).split(','), path: match[2] as string }];
  });
  const mounts = parseMounts(reader.text('proc/self/mountinfo'));
  const find = (controller: string): Controller => {
    const own = lines.find(({ controllers }) => controllers.includes(controller));
    const mount = mounts.find(
      ({ type, superOptions }) => type === 'cgroup' && superOptions.includes(controller),
    );
    if (own !== undefined && mount !== undefined) return { version: 1, folders: foldersOf(mount, own.path) };
    const unified = lines.find(({ controllers }) => controllers[0] === '');
    const unifiedMount = mounts.find(({ type }) => type === 'cgroup2');
    return {
      version: 2,
      folders:
        unified === undefined || unifiedMount === undefined ? [] : foldersOf(unifiedMount, unified.path),
    };
  };
  const place = { cpu: find('cpu'), cpuacct: find('cpuacct'), memory: find('memory') };
  return place.cpu.folders.length + place.memory.folders.length === 0 ? undefined : place;
}

/**
 * A container often sees only its own part of the tree, mounted at the top, while the path is told from the host's
 * top: then the path begins with the mount's root, or leads nowhere and only the mount itself can be read.
 */
function foldersOf(mount: Mount, path: string): readonly string[] {
  const inside = mount.root !== '/' && path.startsWith(mount.root) ? path.slice(mount.root.length) : path;
  const parts = inside.split('/').filter((part) => part !== '' && part !== '..');
  return [...parts.keys(), parts.length]
    .map((depth) => [mount.path, ...parts.slice(0, depth)].join('/'))
    .reverse()
    .slice(0, MAX_FOLDERS);
}
