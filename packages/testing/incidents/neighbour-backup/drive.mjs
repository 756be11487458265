// Labels are asked for; after two seconds the machine's backup begins. In a healthy run it waits for its input.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

const BACKUP_AFTER_MS = 2_000;

export async function drive(lab) {
  let parcel = 0;
  const label = () => {
    parcel += 1;
    return lab.request(`/label?carrier=${parcel % 3 === 0 ? 'express' : 'post'}&parcel=${parcel}&city=Bonn`);
  };
  const traffic = [lab.every(20, label), lab.every(1000, () => lab.request('/recent'))];
  await lab.wait(BACKUP_AFTER_MS);
  for (let core = 0; core < availableParallelism(); core += 1) compress(lab);
  await Promise.all(traffic);
}

/** The kernel ends it after 15 s of CPU, should nobody else. */
function compress(lab) {
  const input = lab.isHealthy ? '' : '< /dev/zero';
  const child = spawn('sh', ['-c', `ulimit -t 15; exec gzip -9 -c ${input} > /dev/null`], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  lab.onEnd(() => child.kill('SIGKILL'));
}
