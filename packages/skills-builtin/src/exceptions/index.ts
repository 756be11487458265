// The skill `exceptions` as data. What the app throws, and who does.
import type { SkillSpec } from '@nodelens/core';
import { moduleUrl } from '../module-url.ts';

export const exceptions = (): SkillSpec => ({
  kind: 'skill-spec',
  id: 'exceptions',
  module: moduleUrl('./skill', import.meta.url),
  exportName: 'createExceptionsSkill',
  options: {},
  probes: [{ module: moduleUrl('./probe', import.meta.url), exportName: 'watchExceptions' }],
});
