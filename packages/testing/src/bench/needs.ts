// What a case needs of the machine, and why it is not there. A case without what it needs is skipped, never failed.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import type { Case } from './case.ts';

const ANSWER_MS = 2_000;
const SERVERS = {
  postgres: { variable: 'NODELENS_TEST_POSTGRES', fallback: '127.0.0.1:5432' },
  redis: { variable: 'NODELENS_TEST_REDIS', fallback: '127.0.0.1:6379' },
} as const;

/** Undefined when all is there. */
export async function missingNeed({ needs }: Case): Promise<string | undefined> {
  for (const need of needs) {
    const reason = await reasonFor(need);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

async function reasonFor(need: Case['needs'][number]): Promise<string | undefined> {
  switch (need) {
    case 'linux':
      return process.platform === 'linux' ? undefined : 'it needs Linux';
    case 'root':
      return process.getuid?.() === 0 ? undefined : 'it needs root';
    case 'cgroup':
      return existsSync('/sys/fs/cgroup') ? undefined : 'it needs cgroups';
    case 'cc':
      return (await runs('cc')) ? undefined : 'it needs a C compiler (cc)';
    default: {
      const { variable, fallback } = SERVERS[need];
      const address = process.env[variable] ?? fallback;
      const [host = '', port] = address.replace(/^\w+:\/\/(?:[^@]*@)?/, '').split(/[:/]/);
      return (await answers(host, Number(port)))
        ? undefined
        : `nobody answers at ${host}:${port} (${variable})`;
    }
  }
}

const runs = (command: string): Promise<boolean> =>
  new Promise((resolve) => execFile(command, ['--version'], (error) => resolve(error === null)));

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (isThere: boolean): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.setTimeout(ANSWER_MS, () => end(false));
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}
