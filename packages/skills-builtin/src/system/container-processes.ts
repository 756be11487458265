// Which processes share the cgroup whose limit binds first: whoever fills it is among them, even where the whole
// machine can be seen. Bounded.
import type { TextReader } from './text-reader.ts';

const MAX_FOLDERS = 50;
const MAX_PROCESSES = 300;
/** Files of the kernel beside the folders of cgroups. */
const FILE = /^(?:blkio|cgroup|cpu|cpuacct|cpuset|hugetlb|io|irq|memory|misc|pids|rdma)\./;

/** @param folder of the cgroup; those below it count too */
export function processesIn(reader: TextReader, folder: string): readonly number[] {
  const folders = [folder];
  const found = new Set<number>();
  // Folders are found as they are walked through.
  for (const each of folders) {
    for (const pid of (reader.text(`${each}/cgroup.procs`) ?? '').split('\n'))
      if (pid !== '' && found.size < MAX_PROCESSES) found.add(Number(pid));
    const inside = reader
      .names(each)
      .filter((name) => !FILE.test(name) && reader.text(`${each}/${name}/cgroup.procs`) !== undefined);
    folders.push(...inside.map((name) => `${each}/${name}`).slice(0, MAX_FOLDERS - folders.length));
  }
  // One of another pid namespace is told as 0.
  found.delete(0);
  return [...found];
}
