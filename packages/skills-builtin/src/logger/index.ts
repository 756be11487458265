// The skill `logger` as data. What the app logs: levels, rates, patterns.
import type { SkillSpec } from '@nodelens/core';
import { moduleUrl } from '../module-url.ts';

export const logger = (): SkillSpec => ({
  kind: 'skill-spec',
  id: 'logger',
  module: moduleUrl('./skill', import.meta.url),
  exportName: 'createLoggerSkill',
  options: {},
  probes: [{ module: moduleUrl('./probe', import.meta.url), exportName: 'watchLogs', numbers: 16 }],
});
