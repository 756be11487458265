// The skill `collections` as data. The Maps, Sets, arrays and buffers on main's heap; names the one that grows and what fills it.
import type { SkillSpec } from '@nodelens/core';
import { moduleUrl } from '../module-url.ts';

export const collections = (): SkillSpec => ({
  kind: 'skill-spec',
  id: 'collections',
  module: moduleUrl('./skill', import.meta.url),
  exportName: 'createCollectionsSkill',
  options: {},
});
