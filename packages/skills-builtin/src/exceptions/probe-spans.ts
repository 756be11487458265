// Exceptions that the app has recorded on spans of OpenTelemetry. Without OpenTelemetry in the process it is three looks
// at a global; with it, one look at each span that ends. Nothing of it is imported.
import type { JsonObject } from '@nodelens/core';
import { SPANS, slot } from './counters.ts';
import { framesText, textOf } from './describe-error.ts';
import type { Outlet } from './probe-outlet.ts';

// Taken at load: a user's fake timers must not hold the looks back.
const later = setTimeout;
const never = clearTimeout;

/** Where `@opentelemetry/api` 1.x keeps what is registered. */
const API = Symbol.for('opentelemetry.js.api.1');
/** The SDK may be started after us. */
const LOOKS_MS = [1_000, 10_000];
const MAX_MESSAGE = 500;
const MAX_STACK_CHARS = 6_000;
const MAX_EVENTS = 10;

interface SpanProcessor {
  onEnd(span: unknown): void;
}

interface Span {
  readonly name?: unknown;
  readonly events?: readonly { readonly name?: unknown; readonly attributes?: Attributes }[];
  spanContext?(): { readonly traceId?: unknown };
}

type Attributes = { readonly [key: string]: unknown };

export function watchSpans(outlet: Outlet): () => void {
  let undo: (() => void) | undefined;
  const timers: NodeJS.Timeout[] = [];
  const look = (): void => {
    if (undo !== undefined) return;
    const found = spanProcessor();
    if (found === undefined) return;
    outlet.set(slot.spans, SPANS.indexOf(found === 'unknown' ? 'unknown provider' : 'watched'));
    if (found !== 'unknown') undo = watchProcessor(found, outlet);
  };
  look();
  if (undo === undefined) for (const ms of LOOKS_MS) timers.push(later(look, ms).unref());
  return () => {
    for (const timer of timers) never(timer);
    undo?.();
  };
}

/** What every span of the registered provider ends in; undefined while there is none. */
function spanProcessor(): SpanProcessor | 'unknown' | undefined {
  try {
    const registered = (globalThis as { [API]?: { trace?: unknown } })[API]?.trace as Provider | undefined;
    if (registered === undefined) return undefined;
    const provider = registered.getDelegate?.() ?? registered;
    // 1.x, and the private field of 2.x.
    const processor = provider.activeSpanProcessor ?? provider._activeSpanProcessor;
    return typeof processor?.onEnd === 'function' ? processor : 'unknown';
  } catch {
    return 'unknown';
  }
}

interface Provider {
  getDelegate?(): Provider;
  readonly activeSpanProcessor?: SpanProcessor;
  readonly _activeSpanProcessor?: SpanProcessor;
}

function watchProcessor(processor: SpanProcessor, outlet: Outlet): () => void {
  const before = Object.getOwnPropertyDescriptor(processor, 'onEnd');
  const { onEnd } = processor;
  const watching = function (this: unknown, span: unknown): void {
    see(span as Span, outlet);
    onEnd.call(this as SpanProcessor, span);
  };
  processor.onEnd = watching;
  return () => {
    if (processor.onEnd !== watching) return;
    if (before === undefined) Reflect.deleteProperty(processor, 'onEnd');
    else Object.defineProperty(processor, 'onEnd', before);
  };
}

function see(span: Span, outlet: Outlet): void {
  const { events } = span;
  if (events === undefined || events.length === 0) return;
  try {
    for (const { name, attributes } of events.slice(0, MAX_EVENTS))
      if (name === 'exception' && attributes !== undefined)
        outlet.tellTexts(factsOf(attributes), {
          source: 'span',
          operation: textOf(span.name),
          traceId: textOf(span.spanContext?.().traceId),
        });
  } catch {
    // A span of another make; the app must not notice.
  }
}

function factsOf(attributes: Attributes): JsonObject {
  // OpenTelemetry gives the code of an error instead of its type, if it has one.
  const given = textOf(attributes['exception.type']) ?? 'Error';
  const isCode = /^[A-Z][A-Z0-9_]+$/.test(given);
  const { 'exception.message': message, 'exception.stacktrace': stack } = attributes;
  return {
    type: isCode ? 'Error' : given,
    code: isCode ? given : undefined,
    message: textOf(message, MAX_MESSAGE) ?? '',
    stack: typeof stack === 'string' ? framesText(stack, message, MAX_STACK_CHARS) : undefined,
  };
}
