import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { permissionFlags } from '../src/permissions.ts';

test('the process may read its own code and nothing else, and start nothing', () => {
  const here = fileURLToPath(import.meta.url);
  const own = fileURLToPath(new URL('../src/runner.ts', import.meta.url));
  const probe = `process.stdout.write(JSON.stringify([
    process.permission.has('fs.read', ${JSON.stringify(own)}),
    process.permission.has('fs.read', '/etc/passwd'),
    process.permission.has('fs.read', '/'),
    process.permission.has('fs.write', ${JSON.stringify(here)}),
    process.permission.has('child'),
    process.permission.has('worker'),
    process.permission.has('wasi'),
  ]))`;
  const output = execFileSync(process.execPath, [...permissionFlags(), '-e', probe], {
    encoding: 'utf8',
    // --allow-addons prints a warning.
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  expect(JSON.parse(output)).toEqual([true, false, false, false, false, false, false]);
});
