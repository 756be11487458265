// From a pid to its control socket, and from the sockets to the pids.
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ControlClient,
  controlDirectories,
  controlSocketPath,
  fail,
  isError,
  removeSocketFileSync,
} from '@nodelens/core';
import { hasRecorder } from './process-info.ts';

export interface FoundSocket {
  readonly pid: number;
  readonly path: string;
}

/** How long a recorder that has just begun may take until it listens, in ms. */
const STARTING_MS = 3_000;
const LOOK_AGAIN_MS = 50;

/**
 * Waits for a process that is just being attached.
 * @throws NodelensError `process_not_found`, `process_not_attached`, `process_not_yours`, `process_not_reachable`.
 */
export async function connectToProcess(pid: number): Promise<ControlClient> {
  const until = Date.now() + STARTING_MS;
  for (;;) {
    try {
      return await connectOnce(pid);
    } catch (error) {
      const isStarting = isError(error, 'process_not_attached') && hasRecorder(pid);
      if (!isStarting || Date.now() >= until) throw error;
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }
}

async function connectOnce(pid: number): Promise<ControlClient> {
  const life = lifeOf(pid);
  if (life === 'none') throw fail('process_not_found', { pid });
  let unreachable: unknown;
  for (const directory of directoriesOf(pid)) {
    const path = controlSocketPath(directory, pid);
    if (!isOwnFolder(directory) || !existsSync(path)) continue;
    try {
      return await ControlClient.connect(pid, path);
    } catch (error) {
      if (!isError(error, 'process_not_reachable')) throw error;
      unreachable = error;
    }
  }
  throw unreachable ?? fail(life === 'foreign' ? 'process_not_yours' : 'process_not_attached', { pid });
}

/** Sockets of live processes, by pid; the files of dead ones are removed on the way. */
export function findSockets(): readonly FoundSocket[] {
  const found = new Map<number, FoundSocket>();
  for (const directory of controlDirectories()) {
    if (!isOwnFolder(directory)) continue;
    for (const name of readdirSync(directory)) {
      const pid = Number(/^(\d+)\.sock$/.exec(name)?.[1]);
      if (!Number.isSafeInteger(pid)) continue;
      const path = join(directory, name);
      if (lifeOf(pid) === 'none') removeSocketFileSync(path);
      else if (!found.has(pid)) found.set(pid, { pid, path });
    }
  }
  return [...found.values()].sort((a, b) => a.pid - b.pid);
}

/** `foreign`: another user's. */
function lifeOf(pid: number): 'own' | 'foreign' | 'none' {
  try {
    process.kill(pid, 0);
    return 'own';
  } catch (error) {
    return (error as { code?: unknown }).code === 'EPERM' ? 'foreign' : 'none';
  }
}

/** Ours first, then those that the process itself would choose: its environment may differ (systemd, su, tmux). */
function directoriesOf(pid: number): readonly string[] {
  const env = environmentOf(pid);
  return [...new Set([...controlDirectories(), ...(env === undefined ? [] : controlDirectories(env))])];
}

function environmentOf(pid: number): { [name: string]: string } | undefined {
  try {
    const entries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    return Object.fromEntries(
      entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
    );
  } catch {
    return undefined;
  }
}

/** In /tmp anybody may have made a folder of that name; what answers there is not to be trusted. */
function isOwnFolder(directory: string): boolean {
  const found = lstatSync(directory, { throwIfNoEntry: false });
  return found?.isDirectory() === true && (process.getuid === undefined || found.uid === process.getuid());
}
