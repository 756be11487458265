// How an incident ended, for people; a duration follows.
import type { IncidentEnd } from '@nodelens/core';

export const endOfIncident: { readonly [W in IncidentEnd]: string } = {
  over: 'over',
  too_long: 'closed, though it goes on,',
  restarted: 'closed, not seen again since a restart,',
  stopped: 'closed, Nodelens was stopped,',
};
