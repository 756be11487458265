// Attaches Nodelens to this process with defaults and the config file. Its synchronous part is all that an emergency
// needs, and whatever goes wrong is a warning: the app must not notice.
import { ensureDataDirectory, Nodelens, type NodelensOptions, reasonOf } from '@nodelens/core/attach';
import { configFile, loadConfig } from './config.ts';
import { defaultOperators } from './defaults.ts';

/** Never throws; the promise resolves to the reason of a failure, or undefined. */
export async function startRegistered(): Promise<string | undefined> {
  try {
    await Nodelens.start(withUsableFolder({ operators: defaultOperators(), ...loadConfig(process.cwd()) }));
    return undefined;
  } catch (error) {
    const reason = withSource(reasonOf(error));
    process.emitWarning(`Nodelens is not attached: ${reason}`, { type: 'NodelensWarning' });
    return reason;
  }
}

/** Whoever reads the warning may not know that there is a config file. */
function withSource(reason: string): string {
  const file = configFile(process.cwd());
  return file === undefined || reason.includes(file) ? reason : `${reason} Options were read from ${file}.`;
}

/** The folder of the config, else of NODELENS_DATA_DIR. One that cannot be used costs what it would keep, and no more. */
function withUsableFolder({
  dataDir = process.env.NODELENS_DATA_DIR || undefined,
  ...options
}: NodelensOptions): NodelensOptions {
  if (dataDir === undefined) return options;
  try {
    return { ...options, dataDir: ensureDataDirectory(dataDir) };
  } catch (error) {
    const lost = 'What is found is kept in memory only, and there is no black box';
    process.emitWarning(`${lost}: ${reasonOf(error)}`, { type: 'NodelensWarning', code: 'NODELENS_STORE' });
    return options;
  }
}
