// People log in and look at their account; few log out. The sessions have a file system in memory of their own, as a
// volume of a container has.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const INODES = 400;
const ERRORS_UNTIL_ALERT = 10;

export function prepare(lab) {
  const sessions = mkdtempSync(join(tmpdir(), 'sessions-'));
  lab.onEnd(() => rmSync(sessions, { recursive: true, force: true }));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=64m,nr_inodes=${INODES}`, 'sessions', sessions]);
  lab.onEnd(() => execFileSync('umount', ['-l', sessions]));
  lab.env.SESSION_DIR = sessions;
  lab.names.sessions = sessions;
}

export async function drive(lab) {
  let last = '';
  let count = 0;
  let errors = 0;
  const login = async () => {
    count += 1;
    const { status, text } = await lab.request(`/login?name=customer${count}`, { method: 'POST' });
    if (status === 200) last = JSON.parse(text).session;
    if (status !== 500) return;
    errors += 1;
    if (errors === ERRORS_UNTIL_ALERT) lab.alert();
  };
  await Promise.all([
    lab.every(30, login),
    lab.every(50, () => lab.request(`/account?session=${last}`)),
    lab.every(500, () => lab.request(`/logout?session=${last}`, { method: 'POST' })),
  ]);
}
