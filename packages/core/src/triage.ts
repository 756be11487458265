// `@nodelens/core/triage`: the embedded model as a live object, for those who drive it themselves (a benchmark, a test
// of a skill's checks). Who only wants to use it gives `triage()`.
export { createTriageModel } from './llm/triage/triage.ts';
