// What `nodelens attach` loads into a process, by `require` inside an inspector evaluation: main may be stuck in a
// loop below this frame. So nothing here, and nothing that it imports, may use top-level await.
import inspector from 'node:inspector';
import { Nodelens } from '@nodelens/core';
import { startRegistered } from './start-registered.ts';

let lastFailure: string | undefined;

/**
 * Starts Nodelens; true when its synchronous part has succeeded.
 * @param options `closeInspector`: the port was opened for this, and is closed once main turns its loop again.
 */
export function attach(options: { readonly closeInspector: boolean }): boolean {
  lastFailure = undefined;
  void startRegistered().then((failure) => {
    lastFailure = failure;
  });
  if (Nodelens.current === undefined) return false;
  // Only the port and its clients: the recorder's session is not affected (docs/decisions/002-attach.md).
  if (options.closeInspector) setImmediate(() => inspector.close());
  return true;
}

/** Why the last {@link attach} returned false. */
export const failure = (): string =>
  lastFailure ?? 'Nodelens did not start; see the warnings of the process.';
