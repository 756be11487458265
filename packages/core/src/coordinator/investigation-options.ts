// What one investigation is given.
import type { Clock } from '../actor/clock.ts';
import type { Host } from '../actor/hosts/host.ts';
import type { Id } from '../ids.ts';
import type { Model } from '../llm/model.ts';
import type { OperatorSpec } from '../operator/spec.ts';
import type { Keeper } from '../recorder/store/client.ts';
import type { CoordinatorEvent, CoordinatorLimits, InvestigationRequest } from './spec.ts';
import type { InvestigationState } from './state.ts';
import type { Strategy } from './strategy.ts';

export interface InvestigationOptions {
  readonly id: Id;
  readonly request: InvestigationRequest;
  readonly operators: readonly OperatorSpec[];
  readonly limits: CoordinatorLimits;
  /** Resolved when the investigation begins; a failure is its result. */
  readonly model: () => Promise<Model>;
  readonly modelName: string;
  readonly host: Host;
  readonly keeper: Pick<Keeper, 'keep' | 'keepLater'>;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly canSchedule: boolean;
  /** Its reason says how it ended: `run_deadline_exceeded` or `run_cancelled`. */
  readonly signal: AbortSignal;
  readonly emit: (event: CoordinatorEvent) => void;
  readonly onProgress: (state: InvestigationState) => void;
  /** Resolved when the investigation begins; a failure is its result. */
  readonly strategy: () => Promise<Strategy>;
}
