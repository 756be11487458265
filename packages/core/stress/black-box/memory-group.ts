// A control group with a limit of memory, as a container has one. Making it takes root, and a machine that lets groups be
// made (a container usually does not).
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface MemoryGroup {
  add(pid: number): void;
  /** Only an empty group can be removed. */
  remove(): void;
}

const V1 = { root: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes' };
const V2 = { root: '/sys/fs/cgroup', limit: 'memory.max' };

/** Undefined where none can be made. */
export function createMemoryGroup(name: string, limitMb: number): MemoryGroup | undefined {
  const { root, limit } = existsSync(join(V1.root, V1.limit)) ? V1 : V2;
  const folder = join(root, name);
  try {
    mkdirSync(folder);
  } catch {
    return undefined;
  }
  const remove = (): void => rmdirSync(folder);
  try {
    writeFileSync(join(folder, limit), String(limitMb * 2 ** 20));
  } catch {
    remove();
    return undefined;
  }
  return {
    add: (pid) => writeFileSync(join(folder, 'cgroup.procs'), String(pid)),
    remove,
  };
}
