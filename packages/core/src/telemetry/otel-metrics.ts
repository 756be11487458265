// Metrics from events: what models take and cost, how operators fare, what was found. Few attributes of few values
// each, so that no backend drowns in series.
import type { Attributes, Counter, Histogram, Meter } from '@opentelemetry/api';
import type { LensEventOf, ToldEvent } from './events.ts';
import { errorType, modelAttributes, text } from './otel-attributes.ts';

/** Bounds of the GenAI semantic conventions. */
const TOKEN_BOUNDS = [
  1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864,
];
const CALL_BOUNDS_S = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
];
const RUN_BOUNDS_S = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];
const STALL_BOUNDS_S = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

type Take = (event: ToldEvent) => void;

export function createMetrics(meter: Meter): Take {
  const takers = [modelMetrics(meter), runMetrics(meter), processMetrics(meter)];
  return (event) => {
    for (const take of takers) take(event);
  };
}

function modelMetrics(meter: Meter): Take {
  const tokens = histogram(meter, 'gen_ai.client.token.usage', { unit: '{token}', bounds: TOKEN_BOUNDS });
  const durations = histogram(meter, 'gen_ai.client.operation.duration', {
    unit: 's',
    bounds: CALL_BOUNDS_S,
  });
  const cost = meter.createCounter('nodelens.model.cost', {
    unit: '{USD}',
    description: 'What calls of models cost, as far as prices are known.',
  });
  const exceeded = counter(meter, 'nodelens.budget.exceeded', 'Budgets that were used up.');
  return (event) => {
    if (event.type === 'budget.exceeded') exceeded.add(1, { 'nodelens.budget': text(event.budget) });
    if (event.type !== 'model.called') return;
    const { model, caller, error, costUsd, durationMs } = event;
    const attributes = { ...modelAttributes(model), 'gen_ai.agent.name': text(caller) };
    recordTokens(tokens, event, attributes);
    durations.record(durationMs / 1_000, { ...attributes, ...(error && { 'error.type': errorType(error) }) });
    if (costUsd !== undefined && costUsd > 0) cost.add(costUsd, attributes);
  };
}

/** Calls without tokens (a model of ours, or one that failed) would only move the distribution. */
function recordTokens(tokens: Histogram, event: LensEventOf<'model.called'>, attributes: Attributes): void {
  const used = { input: event.inputTokens + event.cachedInputTokens, output: event.outputTokens };
  for (const [type, count] of Object.entries(used))
    if (count > 0) tokens.record(count, { ...attributes, 'gen_ai.token.type': type });
}

function runMetrics(meter: Meter): Take {
  const investigations = histogram(meter, 'nodelens.investigation.duration', {
    unit: 's',
    bounds: RUN_BOUNDS_S,
  });
  const runs = histogram(meter, 'nodelens.operator.run.duration', { unit: 's', bounds: RUN_BOUNDS_S });
  const insights = counter(meter, 'nodelens.insights', 'Verified insights.');
  const notifications = counter(meter, 'nodelens.notifications', 'Anomalies that operators reported.');
  return (event) => {
    switch (event.type) {
      case 'investigation.finished':
        investigations.record(event.result.durationMs / 1_000, { 'nodelens.status': event.result.status });
        break;
      case 'operator.completed': {
        const { operator, status, durationMs } = event.result;
        runs.record(durationMs / 1_000, { 'gen_ai.agent.name': text(operator), 'nodelens.status': status });
        break;
      }
      case 'insight.produced':
        insights.add(1, { 'nodelens.confidence': event.insight.confidence });
        break;
      case 'operator.notification':
        notifications.add(1, {
          'gen_ai.agent.name': text(event.operator),
          'nodelens.severity': event.notification.severity,
        });
        break;
      default:
        break;
    }
  };
}

function processMetrics(meter: Meter): Take {
  const restarts = counter(meter, 'nodelens.restarts', 'Restarts of operators and of the recorder.');
  const deadLetters = counter(meter, 'nodelens.dead_letters', 'Messages that reached nobody.');
  const anomalies = counter(meter, 'nodelens.anomalies', 'Metrics that left their normal range.');
  const incidents = counter(meter, 'nodelens.incidents', 'Incidents that were opened.');
  const stalls = histogram(meter, 'nodelens.main.stall.duration', { unit: 's', bounds: STALL_BOUNDS_S });
  return (event) => {
    switch (event.type) {
      case 'operator.restarted':
        restarts.add(1, { 'nodelens.child': text(event.operator) });
        break;
      case 'recorder.restarted':
        restarts.add(1, { 'nodelens.child': 'recorder' });
        break;
      case 'actor.dead_letter':
        deadLetters.add(event.count, { 'nodelens.reason': event.why });
        break;
      case 'anomaly.detected':
        anomalies.add(1, { 'nodelens.skill': text(event.anomaly.skill) });
        break;
      case 'incident.opened':
        incidents.add(1, { 'nodelens.severity': event.incident.severity });
        break;
      case 'main.stalled':
        stalls.record(event.durationMs / 1_000, { 'nodelens.stall.kind': event.kind });
        break;
      default:
        break;
    }
  };
}

const counter = (meter: Meter, name: string, description: string): Counter =>
  meter.createCounter(name, { description });

const histogram = (
  meter: Meter,
  name: string,
  { unit, bounds }: { readonly unit: string; readonly bounds: number[] },
): Histogram => meter.createHistogram(name, { unit, advice: { explicitBucketBoundaries: bounds } });
