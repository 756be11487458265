import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const GATES = 6;
const pathsIn = ({ dir }) => Array.from({ length: GATES }, (_, gate) => join(dir, `terminal-${gate + 1}`));

export async function prepare(lab) {
  const paths = pathsIn(lab);
  execFileSync('mkfifo', paths);
  lab.env.TERMINALS = paths.join(',');
}

/** Twenty manifests a second; a truck passes one of the gates about every other second. */
export async function drive(lab) {
  let truck = 0;
  await Promise.all([
    lab.every(50, () => lab.request(`/manifests/${Math.floor(lab.random() * 60)}`)),
    lab.every(700, () => lab.request('/scans')),
    lab.every(350, () => {
      truck += 1;
      passes(pathsIn(lab)[truck % GATES], truck);
    }),
  ]);
}

function passes(path, truck) {
  try {
    const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    writeSync(fd, `truck-${truck}\n`);
    closeSync(fd);
  } catch {
    // No one reads from that gate at the moment.
  }
}
