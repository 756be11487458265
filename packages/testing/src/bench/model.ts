// The model under test: what the service's own configuration says of it.
import { fail } from '@nodelens/core';

export interface BenchModel {
  readonly env: Readonly<Record<string, string>>;
  /** Text of nodelens.config.mjs. */
  readonly config: string;
}

/** `triage`, or `anthropic:<model>`. @throws NodelensError `option_invalid` */
export function modelOf(name: string): BenchModel {
  const [kind, model] = name.split(/:(.*)/s);
  const core = JSON.stringify(import.meta.resolve('@nodelens/core'));
  if (kind === 'triage')
    return { env: {}, config: `import { triage } from ${core};\nexport default { model: triage() };\n` };
  if (kind === 'anthropic')
    return {
      env: {},
      config: `import { anthropic } from ${core};\nexport default { model: anthropic(${model ? JSON.stringify({ model }) : ''}) };\n`,
    };
  throw fail('option_invalid', {
    option: '--model',
    reason: `"${name}" is neither triage nor anthropic:<model>.`,
  });
}
