// The skill `exceptions` as data. What the app throws, and who does.
import type { SkillSpec } from '@nodelens/core';
import { moduleUrl } from '../module-url.ts';
import { requestsProbe } from '../requests/index.ts';
import { NUMBERS } from './counters.ts';

export const exceptions = (): SkillSpec => ({
  kind: 'skill-spec',
  id: 'exceptions',
  module: moduleUrl('./skill', import.meta.url),
  exportName: 'createExceptionsSkill',
  options: {},
  probes: [
    { module: moduleUrl('./probe', import.meta.url), exportName: 'watchExceptions', numbers: NUMBERS },
    // Errors are a share of the requests.
    requestsProbe,
  ],
});
