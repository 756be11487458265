// The model of those who chose none: Claude when a key is there, else the embedded one.
import { anthropic } from './anthropic.ts';
import type { ModelRef } from './model.ts';
import { triage } from './triage/triage.ts';

export function defaultModel(env: Readonly<Record<string, string | undefined>> = process.env): ModelRef {
  return env.ANTHROPIC_API_KEY ? anthropic() : triage();
}
