// Public API of @nodelens/core.
export type { Actor, ActorContext, ActorModule, Delivery } from './actor/actor.ts';
export type { Clock } from './actor/clock.ts';
export type { ExitReason } from './actor/exit.ts';
export type { ActorVitals } from './actor/limits/actor-vitals.ts';
export type { ChildSpec, RestartType } from './actor/supervision/child-spec.ts';
export type { TreeNode } from './actor/supervision/tree.ts';

export {
  answeredCalls,
  type Message,
  type ToolCall,
  type ToolResult,
  type Transcript,
  type VerbatimAnswer,
} from './agent/transcript.ts';
export type { CheckFinding } from './check-finding.ts';
export type { Gate } from './continuous/gate.ts';
export type { Claim as InsightClaim } from './coordinator/grounding.ts';
export type { Insight, InvestigationResult, OperatorOutcome, Usage } from './coordinator/insight.ts';
export type {
  OwnStrategy,
  OwnStrategyFactory,
  StrategyContext,
  StrategyQuestion,
} from './coordinator/own-strategy.ts';
export type { CoordinatorEvent, InvestigationRequest } from './coordinator/spec.ts';
export {
  agentLoop,
  type BuiltinStrategy,
  type ModuleStrategy,
  pipeline,
  type StrategyRef,
} from './coordinator/strategy-ref.ts';
export {
  type ErrorCode,
  fail,
  isError,
  type NodelensError,
  reasonOf,
  type WireError,
} from './errors.ts';
export type { Id } from './ids.ts';
export type { JsonObject, JsonValue } from './json.ts';
export type { Briefing, CoordinatorBriefing, Knowledge, OperatorBriefing } from './llm/briefing.ts';
export type {
  GenerateOptions,
  Model,
  ModelFactory,
  ModelInput,
  ModelLoader,
  ModelRef,
  ModelRequest,
  ModelResponse,
  SystemPrompt,
  TokenUsage,
  ToolSpec,
} from './llm/model.ts';
export {
  type AiSdkOptions,
  type AnthropicOptions,
  aiSdk,
  anthropic,
  fallback,
  triage,
} from './llm/references.ts';
export type { TimeOptions } from './llm/time-limit.ts';
export { type OneOff, type OneOffOptions, operator } from './one-off.ts';
export type { HealthState, Notification, OperatorStatus, Snapshot } from './operator/notification.ts';
export type { OperatorEvent, OperatorLimits, OperatorRunResult } from './operator/spec.ts';
export { type AnomalyDetector, createAnomalyDetector } from './recorder/anomaly/anomaly-detector.ts';
export type { AnomalyEvent, DetectorState, MetricsSample } from './recorder/anomaly/detector.ts';
export { type AnomalySettings, defaultAnomalySettings } from './recorder/anomaly/settings.ts';
export type { EndOfLife, PreviousLife } from './recorder/black-box/previous-life.ts';
export type {
  AllocationSite,
  AllocationView,
  BlockKind,
  CodeLocation,
  GcEvent,
  HeapSnapshotRequest,
  History,
  HotFunction,
  MainInspector,
  NodeCall,
  ProfileView,
  RecorderContext,
  SkillFactory,
  Stall,
  ThreadSample,
  VitalsSample,
} from './recorder/context.ts';
// Where a process that is attached listens, and how it is asked: for the command line and for benchmarks.
export { ControlClient, type ControlRequestOptions } from './recorder/control/client.ts';
export { controlDirectories, controlSocketPath, removeSocketFileSync } from './recorder/control/path.ts';
export type {
  ControlEvents,
  ControlMethod,
  ControlParams,
  ControlReply,
  ControlResults,
  WatchEvent,
} from './recorder/control/protocol.ts';
export type { Probe, ProbeFeed, ProbePort, ProbeSpec } from './recorder/probe.ts';
export type {
  HistoryQuery,
  StoredHistory,
  StoredNotification,
  StoredStatus,
} from './recorder/store/desk.ts';
export { readStoredHistory } from './recorder/store/reader.ts';
export type { StoredIncident } from './recorder/store/stored-incident.ts';
export type { ScheduleOptions } from './schedule/spec.ts';
export {
  type Callback,
  type CallContext,
  type Check,
  type Conclusion,
  defineSkill,
  type Finding,
  type MetricKind,
  type Severity,
  type Skill,
  type SkillInput,
  type SkillSpec,
  type Subject,
} from './skill.ts';
export type { Allowance, BudgetOptions, Unit } from './spending/budget.ts';
export type { Price, Prices } from './spending/prices.ts';
export { readStoredUsage } from './spending/spend-reader.ts';
export type { BudgetReport, SpendReport, UsageReport } from './spending/usage-report.ts';
export type { AnomalyOptions } from './system/anomaly-options.ts';
export type { CoordinatorHandle, CoordinatorStatus } from './system/coordinator-handle.ts';
export type { IncidentOptions, IncidentSettings } from './system/incident-options.ts';
export type { OperatorHandle } from './system/operator-handle.ts';
export type { NodelensOptions, OperatorChanges, OperatorOptions } from './system/options.ts';
export type { CoordinatorRunOptions, RunContext, RunOptions } from './system/run-options.ts';
export { Nodelens } from './system.ts';
export {
  channelOf,
  eventDocs,
  type LensEvent,
  type LensEventOf,
  type LensEventType,
  type ToldEvent,
  type ToldEventOf,
} from './telemetry/events.ts';
export type { Incident, IncidentEnd } from './telemetry/incident-events.ts';
export type {
  WebhookEventType,
  WebhookMessage,
  WebhookOptions,
  WebhookService,
} from './webhook/spec.ts';
