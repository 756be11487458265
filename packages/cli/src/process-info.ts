// What /proc says about another process before anything is done to it.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Why a process cannot be attached to; undefined when nothing speaks against it. */
export function complaintAboutTarget(pid: number): string | undefined {
  if (process.platform !== 'linux')
    return 'attaching to a process that was started without Nodelens needs Linux; start it with "nodelens run".';
  const status = readProc(pid, 'status');
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

/** TCP ports on which the process listens. */
export function listeningPorts(pid: number): readonly number[] {
  const inodes = new Set(listFds(pid).map((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1]));
  const ports = new Set<number>();
  for (const table of ['net/tcp', 'net/tcp6']) {
    for (const line of readProc(pid, table).split('\n').slice(1)) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      const port = local?.split(':')[1];
      if (state === '0A' && port !== undefined && inodes.has(inode)) ports.add(Number.parseInt(port, 16));
    }
  }
  return [...ports];
}

/** Whether it was started with `--inspect` in any form, so that any of its ports may be the inspector's. */
export const hasInspectOption = (pid: number): boolean =>
  /(^|[\0\s=])--inspect/.test(`${readProc(pid, 'cmdline')}\0${readProc(pid, 'environ')}`);

/** The executable may be renamed or deleted by an upgrade; a library or thread of Node's is named in its maps. */
function isNode(pid: number): boolean {
  try {
    if (/(^|\/)node(js)?( \(deleted\))?$/.test(readlinkSync(`/proc/${pid}/exe`))) return true;
  } catch {
    return false;
  }
  return readdirSync(`/proc/${pid}/task`).some((tid) =>
    /^(node|MainThread|V8Worker)/.test(readProc(pid, `task/${tid}/comm`)),
  );
}

function listFds(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`);
      } catch {
        // Closed between the two calls.
        return '';
      }
    });
  } catch {
    return [];
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
