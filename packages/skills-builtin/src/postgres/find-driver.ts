// Finds `pg` however it is loaded: ES modules and CommonJS both end in the same CommonJS modules, and Node tells of
// each of those through the channel of `require`.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createRequire } from 'node:module';
import { attempt } from './patch.ts';

const CHANNEL = 'tracing:module.require:end';
const FILES = /[\\/]pg[\\/]lib[\\/]index\.js$|[\\/]pg-pool[\\/]index\.js$/;

/** Tells what `pg` and `pg-pool` export, now and whenever a copy is loaded; returns the undo. */
export function findDriver(found: (exported: unknown) => void): () => void {
  const listener = (message: unknown): void => {
    const { id, result } = message as { readonly id?: unknown; readonly result?: unknown };
    if (id !== 'pg' && id !== 'pg-pool' && !(typeof id === 'string' && FILES.test(id))) return;
    attempt(() => found(result));
  };
  subscribe(CHANNEL, listener);
  const { cache } = createRequire(import.meta.url);
  for (const [file, module] of Object.entries(cache))
    if (FILES.test(file) && module?.loaded) attempt(() => found(module.exports));
  return () => void unsubscribe(CHANNEL, listener);
}
