// Public API of @nodelens/testing.

export { type FaultName, faultService } from './faults/fault-service.ts';
export {
  type Service,
  type ServiceExit,
  type StartServiceOptions,
  startService,
} from './faults/start-service.ts';
export { ManualClock } from './manual-clock.ts';
export type { Block, MessagesRequest } from './mock-provider/messages-request.ts';
export type { Conversation } from './mock-provider/messages-wire.ts';
export {
  type AnswerContext,
  type MockProvider,
  type MockProviderOptions,
  startMockProvider,
} from './mock-provider/mock-provider.ts';
export {
  type Admission,
  createPromptCache,
  estimatedTokens,
  type InputUsage,
  type PromptCache,
  type PromptCacheOptions,
} from './mock-provider/prompt-cache.ts';
export type { ModelAnswer, ProviderCall } from './mock-provider/provider-call.ts';
export type { Incident } from './month/incidents.ts';
export { type MonthOptions, type MonthSample, month, monthStartMs } from './month/month.ts';
export type { Conditions } from './month/service.ts';
export { createProbe, type ProbeCommand, type ProbeEvent, probeSpec } from './probe.ts';
export {
  type ScriptedAnswer,
  type ScriptedCall,
  type ScriptedModel,
  type ScriptedReply,
  scriptedModel,
  scriptedModelRef,
} from './scripted-model.ts';
