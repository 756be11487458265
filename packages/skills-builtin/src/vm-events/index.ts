// The skill `vm-events` as data. The flight recorder: what happened in the runtime, by type, newest first.
import type { SkillSpec } from '@nodelens/core';
import { moduleUrl } from '../module-url.ts';
import { requestsProbe } from '../requests/index.ts';

export const vmEvents = (): SkillSpec => ({
  kind: 'skill-spec',
  id: 'vm-events',
  module: moduleUrl('./skill', import.meta.url),
  exportName: 'createVmEventsSkill',
  options: {},
  probes: [requestsProbe, { module: moduleUrl('./probe', import.meta.url), exportName: 'watchWarnings' }],
});
