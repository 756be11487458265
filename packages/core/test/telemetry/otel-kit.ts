// The real SDK, in memory: what a lens tells becomes spans, metrics and log records that a test can look at.
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  type ReadableLogRecord,
  SimpleLogRecordProcessor,
} from '@opentelemetry/sdk-logs';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { onTestFinished } from 'vitest';
import { createEmitter, type Emitter, type EventSource } from '../../src/telemetry/emit.ts';
import { connectOpenTelemetry } from '../../src/telemetry/opentelemetry.ts';

export interface Collected {
  readonly disconnect: () => void;
  /** Those that have ended, in the order of their ends. */
  spans(): readonly ReadableSpan[];
  /** Name of the span -> name of its parent, in the order of their ends. */
  tree(): readonly (readonly [string, string | undefined])[];
  logs(): readonly ReadableLogRecord[];
  /** Sums and counts of one metric: [attributes, value] of each series. */
  metric(name: string): Promise<readonly (readonly [Record<string, unknown>, number])[]>;
}

export async function collect(source: EventSource): Promise<Collected> {
  const spanExporter = new InMemorySpanExporter();
  const logExporter = new InMemoryLogRecordExporter();
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const tracerProvider = new TracerProvider({
    spanProcessors: [new SimpleSpanProcessor({ exporter: spanExporter })],
  });
  const loggerProvider = new LoggerProvider({
    processors: [new SimpleLogRecordProcessor({ exporter: logExporter })],
  });
  const reader = new PeriodicExportingMetricReader({
    exporter: metricExporter,
    exportIntervalMillis: 3_600_000,
  });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const disconnect = await connectOpenTelemetry(source, { tracerProvider, meterProvider, loggerProvider });
  onTestFinished(async () => {
    disconnect();
    await Promise.all([tracerProvider.shutdown(), meterProvider.shutdown(), loggerProvider.shutdown()]);
  });
  const spans = (): ReadableSpan[] => spanExporter.getFinishedSpans();
  return {
    disconnect,
    spans,
    tree() {
      const names = new Map(spans().map((span) => [span.spanContext().spanId, span.name]));
      return spans().map(({ name, parentSpanContext }) => [name, names.get(parentSpanContext?.spanId ?? '')]);
    },
    logs: () => logExporter.getFinishedLogRecords(),
    async metric(name) {
      await meterProvider.forceFlush();
      const found = metricExporter
        .getMetrics()
        .at(-1)
        ?.scopeMetrics.flatMap(({ metrics }) => metrics)
        .find(({ descriptor }) => descriptor.name === name);
      return (found?.dataPoints ?? []).map(({ attributes, value }) => [
        attributes,
        typeof value === 'number' ? value : ((value as { sum?: number }).sum ?? 0),
      ]);
    },
  };
}

/** What a lens would tell. */
export async function collectFrom(): Promise<Collected & Pick<Emitter, 'emit'>> {
  const emitter = createEmitter();
  return { ...(await collect(emitter)), emit: emitter.emit };
}
