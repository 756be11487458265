// Spans from events: investigation > operator run > model call and tool. All have the times at which things happened,
// so a main that was blocked meanwhile makes none of them late.
import { type Attributes, type Span, SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import type { WireError } from '../errors.ts';
import type { LensEventOf, ToldEvent } from './events.ts';
import { agentAttributes, errorType, modelAttributes, text, timeOf } from './otel-attributes.ts';
import { idAttributes, Spans, under } from './otel-spans.ts';

export interface Traces extends Pick<Spans, 'contextOf' | 'close'> {
  take(event: ToldEvent): void;
}

const COORDINATOR = 'coordinator';

export function createTraces(tracer: Tracer): Traces {
  const spans = new Spans(tracer);
  return {
    take: (event) => takeEvent(event, spans, tracer),
    contextOf: (id, agent) => spans.contextOf(id, agent),
    close: () => spans.close(),
  };
}

function takeEvent(event: ToldEvent, spans: Spans, tracer: Tracer): void {
  switch (event.type) {
    case 'investigation.started': {
      const { investigationId: id, reason, atMs } = event;
      const attributes = { ...agentAttributes(COORDINATOR), 'nodelens.reason': text(reason) };
      spans.startInvestigation(id, atMs, { ...attributes, ...idAttributes(id) });
      break;
    }
    case 'investigation.finished': {
      const { investigationId: id, result, atMs } = event;
      const span = spans.investigation(id);
      if (span !== undefined) tellEnd(span, result, resultAttributes(result));
      spans.endInvestigation(id, atMs);
      break;
    }
    case 'operator.started':
      spans.startRun(event.investigationId, event.operator, { atMs: event.atMs, attributes: {} });
      break;
    case 'operator.woken':
      spans.expectRun(event.operator, {
        atMs: event.atMs,
        attributes: { 'nodelens.wake.reason': event.why },
      });
      break;
    case 'operator.completed': {
      const { investigationId: id, result, atMs } = event;
      tellEnd(spans.runAt(id, result.operator, atMs - result.durationMs), result, runAttributes(result));
      spans.endRun(id, result.operator, atMs);
      break;
    }
    case 'model.called':
    case 'tool.called':
      makeCall(event, spans, tracer);
      break;
    default:
      break;
  }
}

type Called = LensEventOf<'model.called'> | LensEventOf<'tool.called'>;

function makeCall(event: Called, spans: Spans, tracer: Tracer): void {
  const { investigationId: id, caller, startedAtMs, durationMs } = event;
  const parent = caller === COORDINATOR ? spans.investigation(id) : spans.runAt(id, caller, startedAtMs);
  const { name, kind, attributes } = event.type === 'model.called' ? modelSpan(event) : toolSpan(event);
  const options = {
    kind,
    startTime: timeOf(startedAtMs),
    attributes: { ...attributes, ...idAttributes(id) },
  };
  const span = tracer.startSpan(name, options, under(parent));
  if (event.type === 'model.called' && event.error !== undefined) markFailed(span, event.error);
  if (event.type === 'tool.called' && event.isError) markFailed(span, undefined);
  span.end(timeOf(startedAtMs + durationMs));
}

interface CallSpan {
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes: Attributes;
}

function modelSpan(event: LensEventOf<'model.called'>): CallSpan {
  const model = modelAttributes(event.model);
  return {
    name: `chat ${model['gen_ai.request.model']}`,
    kind: SpanKind.CLIENT,
    attributes: {
      ...model,
      'gen_ai.agent.name': text(event.caller),
      ...usageAttributes(event),
    },
  };
}

const toolSpan = ({ tool, caller }: LensEventOf<'tool.called'>): CallSpan => ({
  name: `execute_tool ${text(tool)}`,
  kind: SpanKind.INTERNAL,
  attributes: {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': text(tool),
    'gen_ai.tool.type': 'function',
    'gen_ai.agent.name': text(caller),
  },
});

type Result = LensEventOf<'investigation.finished'>['result'];
type RunResult = LensEventOf<'operator.completed'>['result'];

/** Cancelled by who asked for it is no failure. */
function tellEnd(span: Span, { status, error }: Result | RunResult, attributes: Attributes): void {
  span.setAttributes({ 'nodelens.status': status, ...attributes });
  if (status !== 'completed' && status !== 'cancelled') markFailed(span, error);
}

function markFailed(span: Span, error: WireError | undefined): void {
  span.setAttribute('error.type', error === undefined ? '_OTHER' : errorType(error));
  span.setStatus({
    code: SpanStatusCode.ERROR,
    ...(error !== undefined && { message: text(error.message) }),
  });
}

/** The convention counts what the provider's cache gave among the input; our usage does not. */
const usageAttributes = (
  usage: Pick<LensEventOf<'model.called'>, 'inputTokens' | 'cachedInputTokens' | 'outputTokens' | 'costUsd'>,
): Attributes => ({
  'gen_ai.usage.input_tokens': usage.inputTokens + usage.cachedInputTokens,
  'gen_ai.usage.cache_read.input_tokens': usage.cachedInputTokens,
  'gen_ai.usage.output_tokens': usage.outputTokens,
  ...(usage.costUsd !== undefined && { 'nodelens.cost.usd': usage.costUsd }),
});

const resultAttributes = ({ insights, notifications, usage }: Result): Attributes => ({
  'nodelens.insights': insights.length,
  'nodelens.notifications': notifications.length,
  ...usageAttributes(usage),
});

const runAttributes = ({ skill, state, notifications, usage }: RunResult): Attributes => ({
  'nodelens.skill': text(skill),
  'nodelens.health': state,
  'nodelens.notifications': notifications.length,
  ...usageAttributes(usage),
});
