// The skill `system` as data. The machine and the container around the process: CPU, memory, limits, disks.
import type { SkillSpec } from '@nodelens/core';
import { moduleUrl } from '../module-url.ts';

export const system = (): SkillSpec => ({
  kind: 'skill-spec',
  id: 'system',
  module: moduleUrl('./skill', import.meta.url),
  exportName: 'createSystemSkill',
  options: {},
});
