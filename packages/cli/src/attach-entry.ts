// What `nodelens attach` loads into a process, by `require` inside an inspector evaluation: main may be stuck in a
// loop below this frame. So nothing here, and nothing that it imports, may use top-level await.
import { Nodelens } from '@nodelens/core/attach';
import { startRegistered } from './start-registered.ts';

let lastFailure: string | undefined;

/** Starts Nodelens unless it runs; true when it runs now: its synchronous part has succeeded. */
export function attach(): boolean {
  if (Nodelens.current !== undefined) return true;
  lastFailure = undefined;
  void startRegistered().then((failure) => {
    lastFailure = failure;
  });
  return Nodelens.current !== undefined;
}

/** Why the last {@link attach} returned false; asked in a second evaluation, when its promise has settled. */
export const failure = (): string =>
  lastFailure ?? 'Nodelens did not start; see the warnings of the process.';
