// A cgroup of the service's own, below the one of this process. The service goes into it before anything of it runs.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const ROOT = '/sys/fs/cgroup';
const JOIN = `const { isMainThread } = require('node:worker_threads');
if (isMainThread && process.env.JOIN_GROUP !== undefined) {
  require('node:fs').writeFileSync(process.env.JOIN_GROUP + '/cgroup.procs', String(process.pid));
  delete process.env.JOIN_GROUP;
  delete process.env.NODE_OPTIONS;
}
`;

/** Returns how a limit is set: the file's name in version 1 and in version 2, and the value for each. */
export function openGroup(lab, controller) {
  const isUnified = existsSync(`${ROOT}/cgroup.controllers`);
  const parent = isUnified ? ROOT : join(ROOT, controller, pathIn(controller));
  const folder = join(parent, `service-${process.pid}`);
  if (isUnified) writeFileSync(join(ROOT, 'cgroup.subtree_control'), `+${controller}`);
  mkdirSync(folder);
  lab.onEnd(() => remove(folder));
  const tools = mkdtempSync(join(tmpdir(), 'start-'));
  lab.onEnd(() => rmSync(tools, { recursive: true, force: true }));
  writeFileSync(join(tools, 'join.cjs'), JOIN);
  Object.assign(lab.env, { JOIN_GROUP: folder, NODE_OPTIONS: `--require=${join(tools, 'join.cjs')}` });
  return {
    set: (one, two) => {
      const [file, value] = isUnified ? two : one;
      writeFileSync(join(folder, file), String(value));
    },
    read: (one, two) => readFileSync(join(folder, isUnified ? two : one), 'utf8'),
  };
}

/** Of version 1: `4:memory:/path` */
function pathIn(controller) {
  const lines = readFileSync('/proc/self/cgroup', 'utf8').split('\n');
  const own = lines.find((line) => line.split(':')[1]?.split(',').includes(controller));
  return own?.split(':').slice(2).join(':') ?? '/';
}

/** Its last process may take a moment to be gone. */
async function remove(folder) {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    try {
      return rmdirSync(folder);
    } catch {
      await setTimeout(100);
    }
  }
}
