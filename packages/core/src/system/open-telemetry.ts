// Whether what the lens tells goes to OpenTelemetry. Nothing of it is loaded where the app does not use it.
import { fail, reasonOf } from '../errors.ts';
import type { EventSource } from '../telemetry/emit.ts';

export interface TelemetryOptions {
  /**
   * Spans, metrics and logs through `@opentelemetry/api` (docs/telemetry.md). Default: when a provider is registered
   * by the time Nodelens starts. `true` also for one that is registered later; `false` never.
   */
  readonly openTelemetry?: boolean;
}

/** Where every version 1 of the API, whoever loaded it, keeps what is registered; and its logs before 1.10. */
const API = Symbol.for('opentelemetry.js.api.1');
const LOGS_API = Symbol.for('io.opentelemetry.js.api.logs');

/**
 * Returns the undo. Where it was not asked for but the app uses it, a failure is a warning.
 * @throws NodelensError `option_invalid` when it was asked for and `@opentelemetry/api` is not installed.
 */
export async function connectTelemetry(
  lens: EventSource,
  { openTelemetry }: TelemetryOptions = {},
): Promise<() => void> {
  if (!(openTelemetry ?? isInUse())) return () => undefined;
  try {
    const { connectOpenTelemetry } = await import('../telemetry/opentelemetry.ts');
    return await connectOpenTelemetry(lens);
  } catch (error) {
    const reason = reasonOf(error);
    if (openTelemetry)
      throw fail('option_invalid', { option: 'telemetry.openTelemetry', reason }, { cause: error });
    process.emitWarning(`Nothing goes to OpenTelemetry: ${reason}`, {
      type: 'NodelensWarning',
      code: 'NODELENS_TELEMETRY',
    });
    return () => undefined;
  }
}

function isInUse(): boolean {
  const registry = globalThis as { readonly [API]?: object; readonly [LOGS_API]?: unknown };
  const registered = registry[API] ?? {};
  return ['trace', 'metrics', 'logs'].some((name) => name in registered) || registry[LOGS_API] !== undefined;
}
