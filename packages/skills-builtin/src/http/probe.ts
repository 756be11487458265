// The probe on main of what is asked for: who asks, and how long the looking up of names takes. What becomes of requests
// is told by the probe `requests`, which other skills share.
import type { Probe } from '@nodelens/core';
import { watchCallers } from './probe-callers.ts';
import { watchLookups } from './probe-lookups.ts';

/** Events with a `target` are of callers, those with a `host` of lookups. */
export const watchAsking: Probe = (port, options) => {
  const ends = [watchCallers(port, options), watchLookups(port, options)];
  return () => {
    for (const end of ends) end();
  };
};
