// The tools of the print shop are programs of their own: JSON goes in, JSON comes out.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const FOLDER = join(import.meta.dirname, 'tools');
const run = promisify(execFile);

export async function runTool(name, input) {
  const running = run(process.execPath, [join(FOLDER, `${name}.mjs`)], {
    encoding: 'utf8',
    maxBuffer: 4_000_000,
    timeout: 10_000,
  });
  running.child.stdin.end(JSON.stringify(input));
  return JSON.parse((await running).stdout);
}
