// The optional nodelens.config.{ts,mjs,js} of the working folder. Loaded synchronously, because a process may be
// attached while its event loop is stuck; so it must not use top-level await.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fail, type NodelensOptions, reasonOf } from '@nodelens/core/attach';

export type NodelensConfig = NodelensOptions;

/** Types the default export of a config file; options left out keep the defaults of `nodelens/register`. */
export const defineConfig = (config: NodelensConfig): NodelensConfig => config;

const names = ['nodelens.config.ts', 'nodelens.config.mjs', 'nodelens.config.js'] as const;

/** An empty config when there is no file. @throws NodelensError `option_invalid` when it cannot be loaded. */
export function loadConfig(folder: string): NodelensConfig {
  const file = names.map((name) => join(folder, name)).find((path) => existsSync(path));
  if (file === undefined) return {};
  let loaded: { default?: unknown };
  try {
    loaded = createRequire(file)(file) as { default?: unknown };
  } catch (error) {
    throw fail('option_invalid', { option: file, reason: reasonOf(error) }, { cause: error });
  }
  const config = loaded.default;
  if (typeof config !== 'object' || config === null)
    throw fail('option_invalid', {
      option: file,
      reason: 'it has no default export; use defineConfig({ … }).',
    });
  return config as NodelensConfig;
}
