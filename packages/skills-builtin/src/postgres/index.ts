// The skill `postgres` as data. PostgreSQL as the app uses it: queries, pools, and what the server says.
import type { SkillSpec } from '@nodelens/core';
import { moduleUrl } from '../module-url.ts';
import { NUMBERS } from './slots.ts';

export const postgres = (): SkillSpec => ({
  kind: 'skill-spec',
  id: 'postgres',
  module: moduleUrl('./skill', import.meta.url),
  exportName: 'createPostgresSkill',
  options: {},
  probes: [{ module: moduleUrl('./probe', import.meta.url), exportName: 'watchPostgres', numbers: NUMBERS }],
});
