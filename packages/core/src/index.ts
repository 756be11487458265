// Public API of @nodelens/core.
export { defineSkill } from './skill.ts';
// What the command line needs of the control socket.
export { controlDirectories, controlSocketPath, removeSocketFileSync } from './recorder/control-path.ts';
export type {
  ControlEvents,
  ControlMethod,
  ControlParams,
  ControlReply,
  ControlResults,
} from './recorder/control-protocol.ts';
export { createLineDecoder, maxReplyBytes } from './recorder/control-protocol.ts';
export { fail, fromWire, isError, reasonOf } from './errors.ts';
export type { CoordinatorEvent } from './coordinator/spec.ts';
export type { Insight, InvestigationResult } from './coordinator/insight.ts';
export type { Notification } from './operator/notification.ts';
export type { ErrorCode } from './errors.ts';
export type { NodelensError } from './errors.ts';
export type { JsonObject, JsonValue } from './json.ts';
export type { AllocationSite } from './recorder/context.ts';
export type { AllocationView } from './recorder/context.ts';
export type { BlockKind } from './recorder/context.ts';
export type { CodeLocation } from './recorder/context.ts';
export type { GcEvent } from './recorder/context.ts';
export type { History } from './recorder/context.ts';
export type { HotFunction } from './recorder/context.ts';
export type { MainInspector } from './recorder/context.ts';
export type { ProfileView } from './recorder/context.ts';
export type { RecorderContext } from './recorder/context.ts';
export type { SkillFactory } from './recorder/context.ts';
export type { Stall } from './recorder/context.ts';
export type { ThreadSample } from './recorder/context.ts';
export type { VitalsSample } from './recorder/context.ts';
export type { Callback } from './skill.ts';
export type { CallContext } from './skill.ts';
export type { Check } from './skill.ts';
export type { Conclusion } from './skill.ts';
export type { Finding } from './skill.ts';
export type { Skill } from './skill.ts';
export type { SkillSpec } from './skill.ts';
export type { Severity } from './skill.ts';
export type { Subject } from './skill.ts';
