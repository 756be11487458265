import type { JsonObject } from '@nodelens/core';
import { expect, onTestFinished, test, vi } from 'vitest';
import { NUMBERS, SPANS, slot } from '../../src/exceptions/counters.ts';
import { createOutlet } from '../../src/exceptions/probe-outlet.ts';
import { watchSpans } from '../../src/exceptions/probe-spans.ts';

const API = Symbol.for('opentelemetry.js.api.1');
const ended = vi.fn<(span: unknown) => void>();

class Processor {
  onEnd(span: unknown): void {
    ended(span);
  }
}

/** As `trace.setGlobalTracerProvider` of @opentelemetry/api 1.x leaves it. */
function register(provider: object): void {
  const before = Object.getOwnPropertyDescriptor(globalThis, API);
  const trace = { getDelegate: () => provider };
  Object.defineProperty(globalThis, API, { value: { version: '1.10.0', trace }, configurable: true });
  onTestFinished(() => {
    Reflect.deleteProperty(globalThis, API);
    if (before !== undefined) Object.defineProperty(globalThis, API, before);
  });
}

function watch() {
  const events: JsonObject[] = [];
  const numbers = new Float64Array(NUMBERS);
  const undo = watchSpans(createOutlet({ numbers, answer() {}, emit: (event) => void events.push(event) }));
  onTestFinished(undo);
  return { events, undo, state: () => SPANS[numbers[slot.spans] ?? 0] };
}

const span = (attributes: object, name = 'exception'): object => ({
  name: 'charge card',
  events: [{ name, attributes }],
  spanContext: () => ({ traceId: 'a1' }),
});

test.each(['activeSpanProcessor', '_activeSpanProcessor'])('exceptions on spans are told (%s)', (field) => {
  const processor = new Processor();
  register({ [field]: processor });
  const { events, undo, state } = watch();
  expect(state()).toBe('watched');
  processor.onEnd(
    span({
      'exception.type': 'CardError',
      'exception.message': 'no',
      'exception.stacktrace': 'CardError: no\n    at f (/a.js:1:1)',
    }),
  );
  processor.onEnd(span({ 'exception.type': 'ECONNREFUSED', 'exception.message': 'no' }));
  processor.onEnd(span({}, 'retry'));
  processor.onEnd({});
  expect(events).toMatchObject([
    {
      type: 'CardError',
      message: 'no',
      stack: '\n    at f (/a.js:1:1)',
      source: 'span',
      operation: 'charge card',
      traceId: 'a1',
    },
    { type: 'Error', code: 'ECONNREFUSED' },
  ]);
  expect(ended).toHaveBeenCalledTimes(4);
  undo();
  expect(Object.hasOwn(processor, 'onEnd')).toBe(false);
});

test('a span of another make does not reach the app', () => {
  const processor = new Processor();
  register({ _activeSpanProcessor: processor });
  const { events } = watch();
  for (const odd of [{ events: 3 }, { events: [null] }, { events: [{ name: 'exception', attributes: 'x' }] }])
    expect(() => processor.onEnd(odd)).not.toThrow();
  expect(events.length).toBeLessThanOrEqual(1);
});

test('a patch of somebody else stays', () => {
  const processor = new Processor();
  register({ _activeSpanProcessor: processor });
  const { undo } = watch();
  const theirs = (): void => {};
  processor.onEnd = theirs;
  undo();
  expect(processor.onEnd).toBe(theirs);
});

test('a provider of an unknown make is said to be one; without OpenTelemetry there is none', () => {
  expect(watch().state()).toBe('absent');
  register({});
  expect(watch().state()).toBe('unknown provider');
});

test('an SDK that starts later is found', async () => {
  vi.useFakeTimers();
  vi.resetModules();
  onTestFinished(() => void vi.useRealTimers());
  // It takes its timers when it is loaded.
  const { watchSpans: watchAnew } = await import('../../src/exceptions/probe-spans.ts');
  const set = vi.fn<(position: number, value: number) => void>();
  const undo = watchAnew({
    ...createOutlet({ numbers: new Float64Array(NUMBERS), answer() {}, emit() {} }),
    set,
  });
  register({ _activeSpanProcessor: new Processor() });
  expect(set).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1_000);
  expect(set).toHaveBeenCalledExactlyOnceWith(slot.spans, SPANS.indexOf('watched'));
  undo();
  expect(vi.getTimerCount()).toBe(0);
});
