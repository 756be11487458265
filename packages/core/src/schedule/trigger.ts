// Starts investigations that nobody asked for: the one place where anomalies and schedules do so, and the one limit.
// Never two of one cause at once, and only so many an hour for anomalies; what it refuses is told, not kept for later.
import type { Clock } from '../actor/clock.ts';
import type { InvestigationResult } from '../coordinator/insight.ts';
import type { InvestigationRequest } from '../coordinator/spec.ts';
import { toWire } from '../errors.ts';
import { randomId } from '../ids.ts';
import type { LensEventOf } from '../telemetry/events.ts';

export type TriggeredBy = LensEventOf<'investigation.triggered'>['by'];

export interface TriggerOptions {
  readonly investigate: (request: InvestigationRequest) => Promise<InvestigationResult>;
  /** Investigations for anomalies within any 60 minutes. */
  readonly maxPerHour: number;
  readonly clock: Clock;
  readonly emit: (event: LensEventOf<'investigation.triggered'>) => void;
}

export interface Trigger {
  /**
   * Starts an investigation unless one of the same cause is under way, or the hourly limit of anomalies is reached.
   * @param name of the schedule, which tells it from others; all anomalies are one cause.
   * @returns whether it was started.
   */
  fire(by: TriggeredBy, request: InvestigationRequest, name?: string): boolean;
}

const HOUR_MS = 3_600_000;

export function createTrigger({ investigate, maxPerHour, clock, emit }: TriggerOptions): Trigger {
  const underWay = new Set<string>();
  const elapsed = (): number => clock.elapsed?.() ?? clock.now();
  let anomaliesAt: readonly number[] = [];
  const isWithinLimit = (): boolean => {
    const now = elapsed();
    anomaliesAt = anomaliesAt.filter((atMs) => now - atMs < HOUR_MS);
    if (anomaliesAt.length >= maxPerHour) return false;
    anomaliesAt = [...anomaliesAt, now];
    return true;
  };
  return {
    fire(by, request, name = '') {
      const { reason } = request;
      const cause = `${by} ${name}`;
      const isStarted = !underWay.has(cause) && (by === 'schedule' || isWithinLimit());
      const investigationId = request.id ?? randomId();
      emit({ type: 'investigation.triggered', by, reason, isStarted, ...(isStarted && { investigationId }) });
      if (!isStarted) return false;
      underWay.add(cause);
      const failed = (error: unknown): void =>
        emit({
          type: 'investigation.triggered',
          by,
          reason,
          isStarted: false,
          investigationId,
          error: toWire(error),
        });
      void investigate({ ...request, id: investigationId })
        .catch(failed)
        .finally(() => underWay.delete(cause));
      return true;
    },
  };
}
