import { trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { expect, onTestFinished, test, vi } from 'vitest';
import { connectTelemetry } from '../../src/system/open-telemetry.ts';
import { createEmitter } from '../../src/telemetry/emit.ts';

test('where no provider is registered, or it is not wanted, nobody listens', async () => {
  const on = vi.fn(() => () => undefined);
  await connectTelemetry({ on });
  register();
  await connectTelemetry({ on }, { openTelemetry: false });
  expect(on).not.toHaveBeenCalled();
});

test('a registered provider gets spans without being asked for, until the end', async () => {
  const { spans } = register();
  const emitter = createEmitter();
  const disconnect = await connectTelemetry(emitter);
  const investigationId = 'a'.repeat(16);
  emitter.emit({ type: 'investigation.started', investigationId, reason: 'slow' });
  disconnect();
  emitter.emit({ type: 'investigation.started', investigationId: 'b'.repeat(16), reason: 'late' });
  expect(spans.getFinishedSpans().map(({ name }) => name)).toEqual(['investigation']);
});

test('one that is registered only later gets spans when it was asked for', async () => {
  const emitter = createEmitter();
  const disconnect = await connectTelemetry(emitter, { openTelemetry: true });
  const { spans } = register();
  emitter.emit({ type: 'investigation.started', investigationId: 'a'.repeat(16), reason: 'slow' });
  disconnect();
  expect(spans.getFinishedSpans()).toHaveLength(1);
});

function register(): { readonly spans: InMemorySpanExporter } {
  const spans = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] });
  trace.setGlobalTracerProvider(provider);
  onTestFinished(() => trace.disable());
  return { spans };
}
