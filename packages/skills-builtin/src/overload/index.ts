// The skill `overload` as data. Queues: where work waits, what it waits for, and for how long that goes well.
import type { SkillSpec } from '@nodelens/core';
import { moduleUrl } from '../module-url.ts';
import { requestsProbe } from '../requests/index.ts';
import { QUEUE_NUMBERS } from './slots.ts';
export const overload = (): SkillSpec => ({
  kind: 'skill-spec',
  id: 'overload',
  module: moduleUrl('./skill', import.meta.url),
  exportName: 'createOverloadSkill',
  options: {},
  probes: [
    requestsProbe,
    {
      module: moduleUrl('./probe', import.meta.url),
      exportName: 'watchQueues',
      numbers: QUEUE_NUMBERS,
    },
  ],
});
