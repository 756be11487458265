// The skill `runtime` as data. Event loop, CPU, memory and threads of the process; names what blocks the main thread.
import type { SkillSpec } from '@nodelens/core';
import { moduleUrl } from '../module-url.ts';
import { requestsProbe } from '../requests/index.ts';
import { workersProbe } from '../workers/index.ts';
import { TURN_NUMBERS } from './slots.ts';

export const runtime = (): SkillSpec => ({
  kind: 'skill-spec',
  id: 'runtime',
  module: moduleUrl('./skill', import.meta.url),
  exportName: 'createRuntimeSkill',
  options: {},
  probes: [
    requestsProbe,
    workersProbe,
    {
      module: moduleUrl('./probe', import.meta.url),
      exportName: 'watchRuntime',
      numbers: TURN_NUMBERS,
    },
  ],
});
