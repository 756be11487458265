// The bridge to OpenTelemetry: spans, metrics and logs made of our events, through the API alone. The app chooses the
// SDK; without one nothing is recorded. Loaded only where it is wanted.
import { diag, type MeterProvider, metrics, type TracerProvider, trace } from '@opentelemetry/api';
import type { EventSource } from './emit.ts';
import type { ToldEvent } from './events.ts';
import { createLogs, type LoggerProvider } from './otel-logs.ts';
import { createMetrics } from './otel-metrics.ts';
import { createTraces, type Traces } from './otel-traces.ts';

export interface OpenTelemetryOptions {
  /** Default: the registered one, also when it is registered later. */
  readonly tracerProvider?: TracerProvider;
  /** Default: the registered one, also when it is registered later. */
  readonly meterProvider?: MeterProvider;
  /** Default: the one registered with `@opentelemetry/api` 1.10 or with `@opentelemetry/api-logs` by now. */
  readonly loggerProvider?: LoggerProvider;
}

const SCOPE = '@nodelens/core';

/**
 * Makes spans, metrics and log records of what the lens tells from now on (docs/telemetry.md); returns the undo, which
 * ends open spans. `Nodelens.start()` does it by itself where a provider is registered or `telemetry.openTelemetry` is
 * true.
 */
export async function connectOpenTelemetry(
  lens: EventSource,
  options: OpenTelemetryOptions = {},
): Promise<() => void> {
  const loggerProvider = options.loggerProvider ?? (await registeredLoggers());
  const { getTracer } = options.tracerProvider ?? trace;
  const traces = createTraces(getTracer.call(options.tracerProvider ?? trace, SCOPE));
  const takers: ((event: ToldEvent) => void)[] = [traces.take, currentMetrics(options.meterProvider)];
  if (loggerProvider !== undefined)
    takers.push(createLogs(loggerProvider.getLogger(SCOPE), traces.contextOf));
  const undo = lens.on('*', (event) => {
    for (const take of takers) takeSafely(take, event);
  });
  return () => {
    undo();
    closeSafely(traces);
  };
}

/** Instruments of the provider that is registered now: those of an earlier one record nothing. */
function currentMetrics(given: MeterProvider | undefined): (event: ToldEvent) => void {
  let known: MeterProvider | undefined;
  let take: (event: ToldEvent) => void;
  return (event) => {
    const provider = given ?? metrics.getMeterProvider();
    if (provider !== known) take = createMetrics(provider.getMeter(SCOPE));
    known = provider;
    take(event);
  };
}

/** An SDK's fault is told where OpenTelemetry tells its own, and harms nobody. */
function takeSafely(take: (event: ToldEvent) => void, event: ToldEvent): void {
  try {
    take(event);
  } catch (error) {
    diag.error(`nodelens: ${event.type} could not be recorded`, error);
  }
}

function closeSafely(traces: Traces): void {
  try {
    traces.close();
  } catch (error) {
    diag.error('nodelens: open spans could not be ended', error);
  }
}

const LOGS_API_1_9 = Symbol.for('io.opentelemetry.js.api.logs');

/** Logs are part of the API since 1.10, and were a package of their own before. */
async function registeredLoggers(): Promise<LoggerProvider | undefined> {
  if (LOGS_API_1_9 in globalThis) {
    const { logs } = await import('@opentelemetry/api-logs');
    return logs.getLoggerProvider();
  }
  const { logs } = (await import('@opentelemetry/api')) as {
    readonly logs?: { getLoggerProvider(): LoggerProvider };
  };
  return logs?.getLoggerProvider();
}
