// How near the kernel is to killing this process for its memory, and whom it has killed already: control groups
// (version 2 and 1) and the machine. Synchronous, about 0.3 ms.
import { readFileSync } from 'node:fs';
import { type ReadFile, readHeadroomMb } from '../../actor/limits/headroom.ts';
import type { MemoryPressure } from './record.ts';

export function readPressure(read: ReadFile = readText): MemoryPressure {
  const leftMb = readHeadroomMb(read);
  const machineKills = countIn(read('/proc/vmstat'));
  return {
    ...(Number.isFinite(leftMb) && { leftMb }),
    ...ownGroup(read),
    ...(machineKills !== undefined && { machineKills }),
  };
}

function ownGroup(read: ReadFile): Pick<MemoryPressure, 'group' | 'groupKills'> {
  for (const line of (read('/proc/self/cgroup') ?? '').split('\n')) {
    const [, controllers, path = ''] = /^\d+:([^:]*):(.+)$/.exec(line) ?? [];
    const file = killsFile(controllers);
    if (file === undefined) continue;
    const { mount, name } = file;
    const groupKills = [path, '']
      .map((place) => countIn(read(fileIn(mount, place, name))))
      // A container may see only the mount of its own.
      .find((count) => count !== undefined);
    if (groupKills !== undefined) return { group: path, groupKills };
  }
  return {};
}

function killsFile(controllers: string | undefined): { mount: string; name: string } | undefined {
  if (controllers === '') return { mount: '/sys/fs/cgroup', name: 'memory.events' };
  if (controllers?.split(',').includes('memory') === true)
    return { mount: '/sys/fs/cgroup/memory', name: 'memory.oom_control' };
  return undefined;
}

const fileIn = (mount: string, group: string, name: string): string =>
  [mount, ...group.split('/').filter((part) => part !== ''), name].join('/');

/** All three files tell it in a line of the same name. */
function countIn(text: string | undefined): number | undefined {
  const found = /^oom_kill (\d+)$/m.exec(text ?? '')?.[1];
  return found === undefined ? undefined : Number(found);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
