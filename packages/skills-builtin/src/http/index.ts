// The skill `http` as data. HTTP served and asked for: rates, errors, latency, in flight.
import type { SkillSpec } from '@nodelens/core';
import { moduleUrl } from '../module-url.ts';
import { requestsProbe } from '../requests/index.ts';
export const http = (): SkillSpec => ({
  kind: 'skill-spec',
  id: 'http',
  module: moduleUrl('./skill', import.meta.url),
  exportName: 'createHttpSkill',
  options: {},
  probes: [requestsProbe, { module: moduleUrl('./probe', import.meta.url), exportName: 'watchAsking' }],
});
