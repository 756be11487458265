// Public API of @nodelens/core.

export type { Actor, ActorContext, ActorModule, Delivery } from './actor/actor.ts';
export type { ChildSpec } from './actor/child-spec.ts';
export type { Clock } from './actor/clock.ts';
export type { Insight, InvestigationResult } from './coordinator/insight.ts';
export type { CoordinatorEvent } from './coordinator/spec.ts';
export type { ErrorCode, NodelensError } from './errors.ts';
export { fail, fromWire, isError, reasonOf } from './errors.ts';
export type { JsonObject, JsonValue } from './json.ts';
export type { Notification } from './operator/notification.ts';
export type {
  AllocationSite,
  AllocationView,
  BlockKind,
  CodeLocation,
  GcEvent,
  History,
  HotFunction,
  MainInspector,
  ProfileView,
  RecorderContext,
  SkillFactory,
  Stall,
  ThreadSample,
  VitalsSample,
} from './recorder/context.ts';
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
export type {
  Callback,
  CallContext,
  Check,
  Conclusion,
  Finding,
  Severity,
  Skill,
  SkillSpec,
  Subject,
} from './skill.ts';
export { defineSkill } from './skill.ts';
