// Finds the provider's package of the AI SDK and makes its language model. Only that package is needed.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { fail, reasonOf } from '../errors.ts';
import { type AiSdkOptions, aiSdkName } from './references.ts';

type Exports = Readonly<Record<string, unknown>>;
type Factory = (settings: object) => unknown;

/** @throws NodelensError `model_peer_missing`, `model_load_failed` */
export async function languageModelOf(options: AiSdkOptions): Promise<LanguageModelV4> {
  const factory = factoryOf(await importProvider(options), options);
  const provider = factory({ ...options.settings });
  const make = methodOf(provider, options);
  const model = make(options.model) as LanguageModelV4;
  if (typeof model?.doGenerate !== 'function' || typeof model.doStream !== 'function')
    throw unusable(options, `what ${options.provider} made is no language model.`);
  return model;
}

async function importProvider(options: AiSdkOptions): Promise<Exports> {
  const { provider } = options;
  try {
    return await import(provider);
  } catch (error) {
    if (!isMissing(error, provider)) throw unusable(options, reasonOf(error), error);
  }
  // Some package managers let a package see only what it names itself; the app has named the provider.
  try {
    const place = createRequire(join(process.cwd(), 'package.json')).resolve(provider);
    return await import(pathToFileURL(place).href);
  } catch (error) {
    if (!isMissing(error, provider)) throw unusable(options, reasonOf(error), error);
    throw fail('model_peer_missing', { model: aiSdkName(options), peer: provider }, { cause: error });
  }
}

function isMissing(error: unknown, name: string): boolean {
  const { code } = error as { code?: unknown };
  return (
    (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') && reasonOf(error).includes(`'${name}'`)
  );
}

/** Packages export one factory, some of them under two names. */
function factoryOf(exports: Exports, options: AiSdkOptions): Factory {
  const names = Object.keys(exports).filter(
    (name) => /^create[A-Z]/.test(name) && typeof exports[name] === 'function',
  );
  const chosen = options.exportName === undefined ? names : [options.exportName];
  const [factory, ...others] = new Set(chosen.map((name) => exports[name]));
  if (typeof factory === 'function' && others.length === 0) return factory as Factory;
  throw unusable(
    options,
    `name a factory of ${options.provider} as "exportName"; it exports ${names.join(', ') || 'none'}.`,
  );
}

function methodOf(provider: unknown, options: AiSdkOptions): (modelId: string) => unknown {
  const { method = 'languageModel' } = options;
  const found = (provider as Exports | null | undefined)?.[method];
  if (typeof found === 'function') return (modelId) => found.call(provider, modelId);
  if (options.method === undefined && typeof provider === 'function') return (modelId) => provider(modelId);
  throw unusable(options, `its provider has no method "${method}".`);
}

const unusable = (options: AiSdkOptions, reason: string, cause?: unknown): Error =>
  fail('model_load_failed', { model: aiSdkName(options), reason }, cause === undefined ? {} : { cause });
