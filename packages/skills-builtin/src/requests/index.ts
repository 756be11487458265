// The probe `requests`, shared by the skills that tell of HTTP servers and clients.
import type { ProbeSpec } from '@nodelens/core';
import { moduleUrl } from '../module-url.ts';
import { NUMBERS } from './slots.ts';

export const requestsProbe: ProbeSpec = {
  module: moduleUrl('./probe', import.meta.url),
  exportName: 'watchRequests',
  numbers: NUMBERS,
};
