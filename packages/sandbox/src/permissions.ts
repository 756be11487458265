// What the sandbox process may read: the code that it is made of. It may write, spawn and start nothing.
import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where a package is found from `from`, as linked and as real path (pnpm links packages). */
function packageFolders(name: string, from: string): string[] {
  for (const root of createRequire(from).resolve.paths(name) ?? []) {
    const folder = join(root, name);
    if (existsSync(folder)) return [folder, realpathSync(folder)];
  }
  throw new Error(`The package ${name} is not installed where ${from} looks for it.`);
}

/**
 * Node flags of the sandbox process: the permission model with read access to this package, the addon and its loader,
 * and to the one system file which the loader asks for.
 * @throws Error when a package is not installed.
 */
export function permissionFlags(): string[] {
  const own = fileURLToPath(new URL('..', import.meta.url));
  const addon = packageFolders('isolated-vm', join(own, 'package.json'));
  const loader = packageFolders('node-gyp-build', join(addon.at(-1) ?? '', 'package.json'));
  const folders = new Set([dirname(join(own, 'package.json')), ...addon, ...loader]);
  return [
    '--permission',
    '--allow-addons',
    '--allow-fs-read=/etc/alpine-release',
    ...[...folders].map((folder) => `--allow-fs-read=${join(folder, '*')}`),
  ];
}
