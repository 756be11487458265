// The skill `handles` as data. What the process holds open: sockets, files, timers, children.
import type { SkillSpec } from '@nodelens/core';
import { moduleUrl } from '../module-url.ts';

export const handles = (): SkillSpec => ({
  kind: 'skill-spec',
  id: 'handles',
  module: moduleUrl('./skill', import.meta.url),
  exportName: 'createHandlesSkill',
  options: {},
  probes: [{ module: moduleUrl('./probe', import.meta.url), exportName: 'watchHandles' }],
});
