// The folder in which a case's service runs: a copy whose path tells nothing of the case, because operators see paths.
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fail } from '@nodelens/core';
import type { Case } from './case.ts';

export interface Workspace {
  /** Where `main.mjs` lies. */
  readonly dir: string;
  remove(): Promise<void>;
}

/** @param config text of the service's nodelens.config.mjs */
export async function composeWorkspace(one: Case, isHealthy: boolean, config?: string): Promise<Workspace> {
  const root = await mkdtemp(join(await realpath(tmpdir()), 'service-'));
  const dir = join(root, 'app');
  await lay(join(one.folder, 'app'), dir);
  if (isHealthy) await lay(join(one.folder, 'healthy'), dir);
  if (config !== undefined) await writeFile(join(dir, 'nodelens.config.mjs'), config);
  await mkdir(join(dir, 'node_modules'), { recursive: true });
  for (const name of one.packages) {
    const target = packageFolder(name, one.id);
    const link = join(dir, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(target, link, 'dir');
  }
  return { dir, remove: () => rm(root, { recursive: true, force: true, maxRetries: 5 }) };
}

/** A layer of the case over what lies there; its `modules` become `node_modules`, which git would leave out. */
async function lay(from: string, dir: string): Promise<void> {
  const modules = join(from, 'modules');
  await cp(from, dir, { recursive: true, filter: (path) => path !== modules }).catch(absent);
  await cp(modules, join(dir, 'node_modules'), { recursive: true }).catch(absent);
}

/** Of `modules` and `healthy`, which a case need not have. */
function absent(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

function packageFolder(name: string, id: string): string {
  const { resolve } = createRequire(import.meta.url);
  for (const folder of resolve.paths(name) ?? []) {
    try {
      return dirname(resolve(join(folder, name, 'package.json')));
    } catch {
      // The next folder may have it.
    }
  }
  throw fail('incident_case_invalid', { case: id, reason: `the package ${name} is not installed` });
}
