// How our events are said in OpenTelemetry's words: the GenAI semantic conventions where there is one, `nodelens.*`
// where there is none. No attribute holds a secret, nor a text without an end.
import type { Attributes, HrTime } from '@opentelemetry/api';
import type { WireError } from '../errors.ts';
import { redact } from '../redact.ts';

/** Longest text of an attribute, in characters. */
const TEXT_CHARS = 1_000;
/** Longest body of a log record, in characters. */
export const BODY_CHARS = 4_000;

export const text = (value: string, maxChars: number = TEXT_CHARS): string =>
  (redact(value) as string).slice(0, maxChars);

/** Wall-clock ms as OpenTelemetry takes them for wall-clock time whatever their size. */
export const timeOf = (ms: number): HrTime => [Math.trunc(ms / 1_000), Math.round((ms % 1_000) * 1e6)];

/** Our prefixes that have another well-known value of `gen_ai.provider.name`. */
const PROVIDERS: Readonly<Record<string, string>> = {
  azure: 'azure.ai.openai',
  bedrock: 'aws.bedrock',
  'amazon-bedrock': 'aws.bedrock',
  google: 'gcp.gemini',
  vertex: 'gcp.vertex_ai',
  'google-vertex': 'gcp.vertex_ai',
  mistral: 'mistral_ai',
  xai: 'x_ai',
};

/** @param name as our models are named: `anthropic/claude-haiku-4-5`; one without a provider is our own. */
export function modelAttributes(name: string): Attributes {
  const { provider, model } = /^(?<provider>[^/]+)\/(?<model>.+)$/.exec(name)?.groups ?? {};
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': provider === undefined ? 'nodelens' : (PROVIDERS[provider] ?? text(provider)),
    'gen_ai.request.model': text(model ?? name),
  };
}

export const agentAttributes = (agent: string): Attributes => ({
  'gen_ai.operation.name': 'invoke_agent',
  'gen_ai.agent.name': text(agent),
});

/** Of low cardinality: the code, where there is one. */
export const errorType = (error: WireError): string => text(error.code ?? error.name);
