// What a resident lives on: what it looks at and tells, and what its household does for it.
import type { Clock } from '../actor/clock.ts';
import type { CheckFinding } from '../check-finding.ts';
import type { JsonObject } from '../json.ts';
import type { Sampling } from '../recorder/sampling.ts';
import type { SkillDescriptor } from '../skill-host.ts';
import type { Anomaly } from '../telemetry/continuous-events.ts';
import type { LensEvent } from '../telemetry/events.ts';

export interface ResidentWorld {
  readonly sampling: Pick<Sampling, 'follow' | 'now'>;
  /** The checks of the skill, wherever it lives. */
  readonly check: (
    skill: SkillDescriptor,
    data: JsonObject,
    history: readonly JsonObject[],
  ) => Promise<readonly CheckFinding[]>;
  /** Those that are going on, of all skills. */
  readonly anomalies: () => readonly Anomaly[];
  readonly clock: Clock;
  readonly tell: (event: LensEvent) => void;
}

/** What its household does for it. */
export interface ResidentHands {
  /** Starts its thread: `begin` or `wakeFailed` follows. */
  wake(): void;
  /**
   * Starts its thread ahead: it will be woken within `keepMs`, or is likely to.
   * @param keepMs absent: it is certain.
   */
  prepare(keepMs?: number): void;
  /** How long before its time a thread is to be started, in ms. */
  leadMs(): number;
}
