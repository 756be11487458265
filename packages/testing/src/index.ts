// Public API of @nodelens/testing.
export { ManualClock } from './manual-clock.ts';
export { createProbe, type ProbeCommand, type ProbeEvent, probeSpec } from './probe.ts';
