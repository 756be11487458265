// The typed briefing that travels beside the messages to a model in the same thread: what rules can work on
// without reading prose. Language models never see it.
import type { CheckFinding } from '../check-finding.ts';
import type { Insight } from '../coordinator/insight.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { Notification } from '../operator/notification.ts';
import type { Conclusion, Finding } from '../skill.ts';
import type { SkillDescriptor } from '../skill-host.ts';

/** The checks of a skill, wherever the skill is hosted. */
export interface Knowledge {
  check(snapshot: JsonObject, history: readonly JsonObject[]): Promise<readonly CheckFinding[]>;
  conclude(checkId: string, evidence: JsonValue, finding: Finding): Promise<Conclusion | undefined>;
}

export interface OperatorBriefing {
  readonly role: 'operator';
  readonly skill: SkillDescriptor;
  readonly reason: string;
  readonly knowledge: Knowledge;
  /** Time left of the run, in ms; Infinity when it has no deadline. */
  readonly remainingMs: number;
}

export interface CoordinatorBriefing {
  readonly role: 'coordinator';
  readonly reason: string;
  /** What may be invoked. */
  readonly operators: readonly { readonly name: string; readonly skill: SkillDescriptor }[];
  readonly notifications: readonly (Notification & {
    readonly status: 'unread' | 'acknowledged' | 'resolved';
  })[];
  readonly insights: readonly Insight[];
  /** Operators of this investigation that are running now. */
  readonly running: readonly string[];
  /** Operators of this investigation that have ended. */
  readonly finished: readonly string[];
  /** Time left of the investigation, in ms. */
  readonly remainingMs: number;
}

export type Briefing = OperatorBriefing | CoordinatorBriefing;
