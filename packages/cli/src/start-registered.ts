// Attaches Nodelens to this process with defaults and the config file. Its synchronous part is all that an emergency
// needs, and whatever goes wrong is a warning: the app must not notice.
import { Nodelens, reasonOf } from '@nodelens/core/attach';
import { loadConfig } from './config.ts';
import { defaultOperators } from './defaults.ts';

/** Never throws; the promise resolves to the reason of a failure, or undefined. */
export async function startRegistered(): Promise<string | undefined> {
  try {
    await Nodelens.start({ operators: defaultOperators(), ...loadConfig(process.cwd()) });
    return undefined;
  } catch (error) {
    const reason = reasonOf(error);
    process.emitWarning(`Nodelens is not attached: ${reason}`, { type: 'NodelensWarning' });
    return reason;
  }
}
