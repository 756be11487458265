// The probe `workers`, shared by the skills that tell of worker threads, child processes and cluster workers.
import type { ProbeSpec } from '@nodelens/core';
import { moduleUrl } from '../module-url.ts';

export const workersProbe: ProbeSpec = {
  module: moduleUrl('./probe', import.meta.url),
  exportName: 'watchWorkers',
};
