// The built package where npm and pnpm put it: the permission flags must fit every place of the addon and its loader.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, onTestFinished, test } from 'vitest';

const own = fileURLToPath(new URL('..', import.meta.url));
const root = join(own, '../..');
const tsc = join(root, 'node_modules/typescript/bin/tsc');
const source = {
  sandbox: '',
  addon: join(root, 'node_modules/isolated-vm'),
  loader: join(root, 'node_modules/node-gyp-build'),
};

beforeAll(() => {
  source.sandbox = mkdtempSync(join(tmpdir(), 'sandbox-built-'));
  cpSync(join(own, 'package.json'), join(source.sandbox, 'package.json'));
  const project = join(own, 'tsconfig.build.json');
  execFileSync(process.execPath, [tsc, '-p', project, '--outDir', join(source.sandbox, 'dist')]);
  return () => rmSync(source.sandbox, { recursive: true });
});

const script = `
  const { createSandbox } = await import('@nodelens/sandbox');
  const sandbox = createSandbox();
  const outcome = await sandbox.run({ code: 'return await f(1)', functions: { f: (x) => x } });
  process.stdout.write(JSON.stringify(outcome.ok ? outcome.value : outcome.error));`;

function copyTo(from: string, to: string): string {
  // The sources of the addon and its documentation are large and not needed.
  const skipped = new Set(['src', 'vendor', 'native-example', 'isolated-vm-7.0.1.tgz']);
  cpSync(from, to, { recursive: true, filter: (path) => !skipped.has(basename(path)) });
  return to;
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}

test.each<[string, (modules: string) => void]>([
  [
    'hoisted',
    (modules) => {
      copyTo(source.sandbox, join(modules, '@nodelens/sandbox'));
      copyTo(source.addon, join(modules, 'isolated-vm'));
      copyTo(source.loader, join(modules, 'node-gyp-build'));
    },
  ],
  [
    'nested',
    (modules) => {
      const sandbox = copyTo(source.sandbox, join(modules, '@nodelens/sandbox'));
      const addon = copyTo(source.addon, join(sandbox, 'node_modules/isolated-vm'));
      copyTo(source.loader, join(addon, 'node_modules/node-gyp-build'));
    },
  ],
  [
    'linked',
    (modules) => {
      const store = join(modules, '.pnpm');
      const sandbox = copyTo(source.sandbox, join(store, 'a/node_modules/@nodelens/sandbox'));
      const addon = copyTo(source.addon, join(store, 'b/node_modules/isolated-vm'));
      const loader = copyTo(source.loader, join(store, 'c/node_modules/node-gyp-build'));
      link(sandbox, join(modules, '@nodelens/sandbox'));
      link(addon, join(store, 'a/node_modules/isolated-vm'));
      link(loader, join(store, 'b/node_modules/node-gyp-build'));
    },
  ],
])('runs when installed %s', (_, install) => {
  const app = mkdtempSync(join(tmpdir(), 'sandbox, app '));
  onTestFinished(() => rmSync(app, { recursive: true }));
  install(join(app, 'node_modules'));
  writeFileSync(join(app, 'app.mjs'), script);
  const env = { PATH: process.env.PATH };
  const output = execFileSync(process.execPath, ['app.mjs'], { cwd: app, env, encoding: 'utf8' });
  expect(output).toBe('1');
});
