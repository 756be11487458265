// The tools of the print shop are programs of their own: JSON goes in, JSON comes out.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, 'tools');

export function runTool(name, input) {
  const output = execFileSync(process.execPath, [join(FOLDER, `${name}.mjs`)], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 4_000_000,
  });
  return JSON.parse(output);
}
