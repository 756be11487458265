// `@nodelens/core/opentelemetry`: the bridge to OpenTelemetry for those who connect it themselves, with providers of
// their own. It needs `@opentelemetry/api`; `Nodelens.start()` loads it where that is in use.
export type { EventSource } from './telemetry/emit.ts';
export { connectOpenTelemetry, type OpenTelemetryOptions } from './telemetry/opentelemetry.ts';
export type { LoggerProvider } from './telemetry/otel-logs.ts';
