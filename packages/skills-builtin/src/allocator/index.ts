// The skill `allocator` as data. Where the memory of the process lies, V8's heap and outside of it.
import type { SkillSpec } from '@nodelens/core';
import { moduleUrl } from '../module-url.ts';

export const allocator = (): SkillSpec => ({
  kind: 'skill-spec',
  id: 'allocator',
  module: moduleUrl('./skill', import.meta.url),
  exportName: 'createAllocatorSkill',
  options: {},
});
