// The skill `gc` as data. Garbage collection of main's heap; names what churns garbage.
import type { SkillSpec } from '@nodelens/core';
import { moduleUrl } from '../module-url.ts';

export const gc = (): SkillSpec => ({
  kind: 'skill-spec',
  id: 'gc',
  module: moduleUrl('./skill', import.meta.url),
  exportName: 'createGcSkill',
  options: {},
});
