// The model under test: what the service's own configuration says of it.
import { fail } from '@nodelens/core';
import { startMessagesServer } from './language-model/messages-server.ts';

export interface BenchModel {
  readonly env: Readonly<Record<string, string>>;
  /** Text of nodelens.config.mjs. */
  readonly config: string;
  close(): Promise<void>;
}

/**
 * `triage`, `scripted` (a script behind the Messages API, without a briefing), or `anthropic:<model>`.
 * @throws NodelensError `option_invalid`
 */
export async function openModel(name: string): Promise<BenchModel> {
  const [kind, model] = name.split(/:(.*)/s);
  const close = async (): Promise<void> => undefined;
  switch (kind) {
    case 'triage':
      return { env: {}, config: configWith('triage', ''), close };
    case 'scripted': {
      const server = await startMessagesServer();
      return {
        env: { ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: 'scripted' },
        config: configWith('anthropic', ''),
        close: server.close,
      };
    }
    case 'anthropic':
      return { env: {}, config: configWith('anthropic', model ? JSON.stringify({ model }) : ''), close };
    default:
      throw fail('option_invalid', {
        option: '--model',
        reason: `"${name}" is none of triage, scripted and anthropic:<model>.`,
      });
  }
}

/** By URL: the service runs in a folder that knows of no package of ours. */
const configWith = (factory: string, options: string): string =>
  `import { ${factory} } from ${JSON.stringify(import.meta.resolve('@nodelens/core'))};\nexport default { model: ${factory}(${options}) };\n`;
