// A model of any provider of the AI SDK, asked through the interface that its package implements. One call is one HTTP
// request: what may succeed later is tried again by the loop.
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { fail, isError, type NodelensError, reasonOf } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { languageModelOf } from './ai-sdk-provider.ts';
import { gather } from './ai-sdk-stream.ts';
import { fromAnswer, type SdkAnswer, toCall } from './ai-sdk-wire.ts';
import type { Model, ModelLoader } from './model.ts';
import { notEmpty } from './not-empty.ts';
import { providerError } from './provider-error.ts';
import { type AiSdkOptions, aiSdkName } from './references.ts';
import { type TimedCall, withinTime } from './time-limit.ts';

/** The factory behind the reference `aiSdk()`. @throws NodelensError `model_peer_missing`, `model_load_failed` */
export async function createAiSdkModel(json: JsonObject, { clock }: ModelLoader): Promise<Model> {
  const options = json as unknown as AiSdkOptions;
  const { maxOutputTokens = 4_096, providerOptions = {}, firstTokenMs } = options;
  const name = aiSdkName(options);
  const languageModel = await languageModelOf(options);
  const wire = { name, modelId: options.model, maxOutputTokens, providerOptions };
  return {
    name,
    async generate(request, { signal }) {
      const call = toCall(request, wire);
      const ask: TimedCall<SdkAnswer> = (abortSignal, began) =>
        firstTokenMs === undefined
          ? askAtOnce(languageModel, { ...call, abortSignal })
          : askStreaming(languageModel, { ...call, abortSignal }, began);
      const answer = await withinTime({ ...options, model: name, clock, signal }, ask).catch(
        (error: unknown) => Promise.reject(isError(error) ? error : mapError(error, name)),
      );
      return notEmpty(fromAnswer(answer, name), name);
    },
  };
}

type Call = Parameters<LanguageModelV4['doGenerate']>[0];

const askAtOnce = async (model: LanguageModelV4, call: Call): Promise<SdkAnswer> => model.doGenerate(call);

async function askStreaming(model: LanguageModelV4, call: Call, began: () => void): Promise<SdkAnswer> {
  const { stream } = await model.doStream(call);
  return gather(stream, began);
}

/** As the packages' own errors tell it; by shape, because each package may bring its own copy of them. */
function mapError(error: unknown, model: string): NodelensError {
  const { name, statusCode, responseHeaders } = error as {
    name?: unknown;
    statusCode?: number;
    responseHeaders?: Readonly<Record<string, string | undefined>>;
  };
  if (name === 'AI_LoadAPIKeyError') {
    const [variable = 'the key of its provider'] =
      /\b[A-Z][A-Z0-9]*(_[A-Z0-9]+)+\b/.exec(reasonOf(error)) ?? [];
    return fail('model_key_missing', { model, variable }, { cause: error });
  }
  return providerError({
    model,
    error,
    status: statusCode,
    retryAfter: responseHeaders?.['retry-after'],
    requestId: responseHeaders?.['x-request-id'],
  });
}
