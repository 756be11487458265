// Connections that come to another process, seen from outside: its sockets are looked at often for two seconds; one that
// was not there before and lies at a port that somebody listens on has come in. What comes and goes between two looks is
// missed, so it is a lower bound; connections that last are there at the first look and do not count.
import { createProcReader, type ProcReader } from '../handles/proc-reader.ts';
import { parseTcp } from '../handles/tcp-table.ts';
import { pause } from '../pause.ts';

const LOOKS = 80;
/** Unevenly, for connections that come at a regular pace must not all fall between two looks. */
const SHORTEST_MS = 5;
const LONGEST_MS = 45;
/** Then it is known that there are many. */
const ENOUGH = 10;
/** A process that opens many itself must not have the table, which may be large, read for each. */
const MAX_TABLES = 20;

/** @param folder of the process in /proc */
export async function newConnections(folder: string, signal: AbortSignal): Promise<number> {
  const reader = createProcReader(folder);
  const known = new Set(socketsOf(reader));
  let came = 0;
  let tables = 0;
  for (let look = 0; look < LOOKS && !signal.aborted; look += 1) {
    if (came >= ENOUGH || tables >= MAX_TABLES) break;
    await pause(SHORTEST_MS + Math.random() * (LONGEST_MS - SHORTEST_MS), signal);
    const fresh = new Set(socketsOf(reader).filter((inode) => !known.has(inode)));
    for (const inode of fresh) known.add(inode);
    if (fresh.size === 0) continue;
    tables += 1;
    came += incomingOf(reader, fresh);
  }
  return came;
}

const socketsOf = (reader: ProcReader): readonly string[] =>
  (reader.descriptors()?.sample ?? []).flatMap(({ inode }) => (inode === undefined ? [] : [inode]));

function incomingOf(reader: ProcReader, inodes: ReadonlySet<string>): number {
  const rows = parseTcp(reader.tcpTable(), (inode, state) => state === 'LISTEN' || inodes.has(inode));
  const ports = new Set(rows.filter(({ state }) => state === 'LISTEN').map(({ localPort }) => localPort));
  return rows.filter(({ state, localPort }) => state !== 'LISTEN' && ports.has(localPort)).length;
}
