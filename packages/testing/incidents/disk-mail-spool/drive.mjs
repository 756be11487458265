// Mails with a picture in them are sent; the spool is a small volume of its own. The alert comes with the first answers
// that say it did not work.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const VOLUME_BYTES = 24 * 1024 * 1024;
const MAIL_BYTES = 110_000;
const ERRORS_UNTIL_ALERT = 10;

export async function prepare(lab) {
  const root = mkdtempSync(join(tmpdir(), 'mail-'));
  const [image, spool] = [join(root, 'volume'), join(root, 'spool')];
  writeFileSync(image, '');
  truncateSync(image, VOLUME_BYTES);
  mkdirSync(spool);
  lab.onEnd(() => rmSync(root, { recursive: true, force: true }));
  execFileSync('mkfs.ext4', ['-q', '-m', '0', image]);
  execFileSync('mount', ['-o', 'loop', image, spool]);
  lab.onEnd(() => execFileSync('umount', ['-l', spool]));
  lab.env.SPOOL_DIR = spool;
  lab.names.spool = spool;
  const relay = await lab.serve((request, response) =>
    request.resume().on('end', () => response.end('taken')),
  );
  lab.env.RELAY_URL = relay.url;
}

export async function drive(lab) {
  const picture = 'iVBORw0KGgo'.repeat(Math.ceil(MAIL_BYTES / 11));
  let count = 0;
  let errors = 0;
  const send = async () => {
    count += 1;
    const { status } = await lab.request('/mails', {
      method: 'POST',
      body: `Subject: ${count}\r\n\r\n${picture}`,
    });
    if (status !== 500) return;
    errors += 1;
    if (errors === ERRORS_UNTIL_ALERT) lab.alert();
  };
  await Promise.all([
    lab.every(45, send),
    lab.every(300, () => lab.request(`/state?id=${Math.max(1, count - 5)}`)),
    lab.every(1000, () => lab.request('/health')),
  ]);
}
