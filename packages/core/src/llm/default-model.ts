// The model of those who chose none: Claude when a key is there, else the embedded one.
import type { ModelRef } from './model.ts';
import { anthropic, triage } from './references.ts';

export function defaultModel(env: Readonly<Record<string, string | undefined>> = process.env): ModelRef {
  return env.ANTHROPIC_API_KEY ? anthropic() : triage();
}
