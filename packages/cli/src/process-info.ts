// What /proc says about another process before anything is done to it.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Why a process cannot be attached to; undefined when nothing speaks against it. */
export function complaintAboutTarget(pid: number): string | undefined {
  if (process.platform !== 'linux')
    return 'attaching to a process that was started without Nodelens needs Linux; start it with "nodelens run".';
  const status = readProc(pid, 'status');
  if (status === '') return 'it has ended.';
  const uid = Number(/^Uid:\s+\d+\s+(\d+)/m.exec(status)?.[1]);
  if (uid !== process.geteuid?.()) return `it belongs to user ${uid}; attach as that user.`;
  // The default action of SIGUSR1 ends a process: never send it to one that does not handle it.
  const caught = BigInt(`0x${/^SigCgt:\s+([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`);
  const sigusr1 = 1n << 9n;
  if ((caught & sigusr1) === 0n)
    return 'it does not handle SIGUSR1: it is no Node.js process, it is just starting, or it runs with --disable-sigusr1.';
  if (!isNode(pid)) return 'it does not look like a Node.js process.';
  return undefined;
}

/** Whether a recorder thread runs in the process; false where threads cannot be listed. */
export function hasRecorder(pid: number): boolean {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.some((tid) => readProc(pid, `task/${tid}/comm`).trim() === 'nl:recorder');
  } catch {
    return false;
  }
}

/** TCP ports on which the process listens. */
export function listeningPorts(pid: number): readonly number[] {
  const own = socketInodes(pid);
  return [
    ...new Set(
      listeners(pid)
        .filter(({ inode }) => own.has(inode))
        .map(({ port }) => port),
    ),
  ];
}

/** Whether a process other than this one listens on the port, on any address. */
export function isTakenByOther(pid: number, port: number): boolean {
  const own = socketInodes(pid);
  return listeners(pid).some((listener) => listener.port === port && !own.has(listener.inode));
}

/** Whether it was started with `--inspect` in any form, so that any of its ports may be the inspector's. */
export const hasInspectOption = (pid: number): boolean =>
  /(^|[\0\s=])--inspect/.test(`${readProc(pid, 'cmdline')}\0${readProc(pid, 'environ')}`);

/** By its executable, or by its threads where that has another name (a package of its own, an upgraded one). */
function isNode(pid: number): boolean {
  if (/(^|\/)node(js)?( \(deleted\))?$/.test(linkTarget(`/proc/${pid}/exe`))) return true;
  const threads = readdirSync(`/proc/${pid}/task`).map((tid) => readProc(pid, `task/${tid}/comm`));
  return threads.some((name) => /^(node|V8Worker|DelayedTaskSche)/.test(name));
}

/** All TCP listeners in the network namespace of the process. */
function listeners(pid: number): readonly { readonly port: number; readonly inode: string }[] {
  const lines = ['net/tcp', 'net/tcp6'].flatMap((table) => readProc(pid, table).split('\n').slice(1));
  return lines.flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    const port = Number.parseInt(local?.split(':')[1] ?? '', 16);
    return state === '0A' && inode !== undefined ? [{ port, inode }] : [];
  });
}

function socketInodes(pid: number): ReadonlySet<string> {
  const inodes = new Set<string>();
  try {
    for (const fd of readdirSync(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(linkTarget(`/proc/${pid}/fd/${fd}`))?.[1];
      if (inode !== undefined) inodes.add(inode);
    }
  } catch {
    // The process is gone: it listens nowhere.
  }
  return inodes;
}

/** Empty when the link has gone since it was listed. */
function linkTarget(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** Empty when the process is gone or not ours to read. */
function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
