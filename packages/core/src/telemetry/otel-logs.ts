// Log records from events: insights and what operators report as critical, in the trace of their investigation; and
// incidents, in that of the first investigation which they started.
import type { Context, HrTime } from '@opentelemetry/api';
import type { LensEventOf, ToldEvent } from './events.ts';
import { BODY_CHARS, text, timeOf } from './otel-attributes.ts';
import { idAttributes } from './otel-spans.ts';

/** As in OpenTelemetry's data model of logs. */
const SEVERITY = { INFO: 9, WARN: 13, ERROR: 17 } as const;

/** One record, as `Logger.emit` of every version of OpenTelemetry's logs takes it. */
interface LogRecord {
  readonly eventName: string;
  readonly timestamp: HrTime;
  readonly severityNumber: number;
  readonly severityText: keyof typeof SEVERITY;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly context: Context;
}

/** The part of a `LoggerProvider` that is used: of `@opentelemetry/api` 1.10, or of `@opentelemetry/api-logs`. */
export interface LoggerProvider {
  getLogger(name: string): { emit(record: LogRecord): void };
}

/** @param contextOf of an investigation, and of an agent in it. */
export function createLogs(
  logger: ReturnType<LoggerProvider['getLogger']>,
  contextOf: (investigationId: string, agent?: string) => Context,
): (event: ToldEvent) => void {
  return (event) => {
    if (event.type === 'insight.produced')
      logger.emit({
        ...insightRecord(event.insight),
        timestamp: timeOf(event.atMs),
        context: contextOf(event.investigationId),
      });
    if (event.type === 'operator.notification' && event.notification.severity === 'critical')
      logger.emit({
        ...criticalRecord(event.notification),
        timestamp: timeOf(event.atMs),
        context: contextOf(event.investigationId, event.operator),
      });
    if ('incident' in event)
      logger.emit({
        ...incidentRecord(event),
        timestamp: timeOf(event.atMs),
        context: contextOf(event.incident.investigationIds[0] ?? ''),
      });
  };
}

type Told = Omit<LogRecord, 'timestamp' | 'context'>;

const insightRecord = (insight: LensEventOf<'insight.produced'>['insight']): Told => ({
  eventName: 'nodelens.insight',
  severityNumber: SEVERITY.WARN,
  severityText: 'WARN',
  body: text(insight.summary, BODY_CHARS),
  attributes: {
    ...idAttributes(insight.investigationId),
    'nodelens.insight.id': insight.id,
    'nodelens.confidence': insight.confidence,
    'nodelens.correlation': insight.correlationType,
    ...(insight.rootCauseHypothesis && { 'nodelens.hypothesis': text(insight.rootCauseHypothesis) }),
    ...codeAttributes(insight.subjects),
  },
});

const criticalRecord = (notification: LensEventOf<'operator.notification'>['notification']): Told => ({
  eventName: 'nodelens.notification',
  severityNumber: SEVERITY.ERROR,
  severityText: 'ERROR',
  body: text(notification.observation, BODY_CHARS),
  attributes: {
    ...idAttributes(notification.investigationId),
    'gen_ai.agent.name': text(notification.operator),
    'nodelens.notification.id': notification.id,
    'nodelens.notification.type': text(notification.type),
    ...(notification.hypothesis && { 'nodelens.hypothesis': text(notification.hypothesis) }),
    ...codeAttributes(notification.subjects),
  },
});

function incidentRecord(event: LensEventOf<`incident.${'opened' | 'updated' | 'closed'}`>): Told {
  const { id, severity, title, subjects } = event.incident;
  const severityText = event.type === 'incident.closed' ? 'INFO' : severity === 'critical' ? 'ERROR' : 'WARN';
  return {
    eventName: `nodelens.${event.type}`,
    severityNumber: SEVERITY[severityText],
    severityText,
    body: text(event.type === 'incident.updated' ? event.what : title, BODY_CHARS),
    attributes: {
      'nodelens.incident.id': id,
      'nodelens.incident.title': text(title),
      'nodelens.severity': severity,
      ...('why' in event && { 'nodelens.why': event.why }),
      ...codeAttributes(event.type === 'incident.updated' ? event.subjects : subjects),
    },
  };
}

/** The first subject that has a place in the code; the others are in the history. */
function codeAttributes(
  subjects: LensEventOf<'insight.produced'>['insight']['subjects'],
): LogRecord['attributes'] {
  const { name, file, line } = subjects.find((subject) => subject.file !== undefined) ?? {};
  if (file === undefined) return {};
  return {
    ...(name !== undefined && { 'code.function.name': text(name) }),
    'code.file.path': text(file),
    ...(line !== undefined && { 'code.line.number': line }),
  };
}
