// Which name servers are being asked right now: whoever the process has a UDP socket open to, as the kernel's tables tell
// it. Where port 53 is not used, one peer alone tells it. Read synchronously: libuv's threads may be what is full.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readOwnInodes } from '../overload/own-inodes.ts';
import { parseSocket } from '../overload/proc-net.ts';
import { pause } from '../pause.ts';

const LOOKS = 5;
const EVERY_MS = 60;
const MAX_SERVERS = 3;
const DNS_PORT = ':53';

/** Sockets are open for as long as an answer is waited for: it looks for some time. Empty where it cannot be known. */
export async function nameServers(root: string, signal: AbortSignal): Promise<readonly string[]> {
  const seen = new Set<string>();
  for (let look = 0; look < LOOKS && !signal.aborted; look += 1) {
    for (const remote of remotes(root)) seen.add(remote);
    await pause(EVERY_MS, signal);
  }
  return serversAmong([...seen]);
}

/** Pure. */
export function serversAmong(remotes: readonly string[]): readonly string[] {
  const known = remotes.filter((remote) => remote.endsWith(DNS_PORT));
  if (known.length > 0) return known.slice(0, MAX_SERVERS);
  return remotes.length === 1 ? remotes : [];
}

function remotes(root: string): readonly string[] {
  const connected = ['udp', 'udp6']
    .flatMap((table) => linesOf(join(root, 'proc/self/net', table)))
    .flatMap((line) => parseSocket(line) ?? [])
    .filter(({ state }) => state === 'open');
  const wanted = new Set(connected.map(({ inode }) => inode));
  if (wanted.size === 0) return [];
  const own = readOwnInodes(root, wanted)?.inodes;
  return connected.filter(({ inode }) => own?.has(inode) === true).map(({ remote }) => remote);
}

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}
