// The skill `tracer` as data. Calls of one named function: how often, how long, with what, from where.
import type { SkillSpec } from '@nodelens/core';
import { moduleUrl } from '../module-url.ts';
import { NUMBERS } from './protocol.ts';

export const tracer = (): SkillSpec => ({
  kind: 'skill-spec',
  id: 'tracer',
  module: moduleUrl('./skill', import.meta.url),
  exportName: 'createTracerSkill',
  options: {},
  probes: [{ module: moduleUrl('./probe', import.meta.url), exportName: 'traceCalls', numbers: NUMBERS }],
});
