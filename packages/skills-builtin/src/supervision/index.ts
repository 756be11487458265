// The skill `supervision` as data. Workers, cluster workers and child processes: restarts, exits, crash loops.
import type { SkillSpec } from '@nodelens/core';
import { moduleUrl } from '../module-url.ts';
import { workersProbe } from '../workers/index.ts';
export const supervision = (): SkillSpec => ({
  kind: 'skill-spec',
  id: 'supervision',
  module: moduleUrl('./skill', import.meta.url),
  exportName: 'createSupervisionSkill',
  options: {},
  probes: [workersProbe],
});
