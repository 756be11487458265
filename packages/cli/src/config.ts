// The optional nodelens.config.{ts,mjs,js} of the working folder. Loaded synchronously, because a process may be
// attached while its event loop is stuck; so it must not use top-level await.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { types } from 'node:util';
import { fail, type NodelensOptions, reasonOf } from '@nodelens/core/attach';

export type NodelensConfig = NodelensOptions;

/** Types the default export of a config file; options left out keep the defaults of `nodelens/register`. */
export const defineConfig = (config: NodelensConfig): NodelensConfig => config;

const names = ['nodelens.config.ts', 'nodelens.config.mjs', 'nodelens.config.js'] as const;

/** An empty config when there is no file. @throws NodelensError `option_invalid` when it cannot be loaded. */
export function loadConfig(folder: string): NodelensConfig {
  const file = configFile(folder);
  if (file === undefined) return {};
  let loaded: unknown;
  try {
    loaded = createRequire(file)(file);
  } catch (error) {
    throw fail('option_invalid', { option: file, reason: reasonOf(error) }, { cause: error });
  }
  // A CommonJS file exports the options themselves.
  const config =
    (loaded as { readonly default?: unknown } | null)?.default ??
    (types.isModuleNamespaceObject(loaded) ? undefined : loaded);
  if (typeof config !== 'object' || config === null)
    throw fail('option_invalid', {
      option: file,
      reason: 'it must export an object: export default defineConfig({ … }).',
    });
  return config as NodelensConfig;
}

/** The one that counts, if there is one. */
export const configFile = (folder: string): string | undefined =>
  names.map((name) => join(folder, name)).find((path) => existsSync(path));
