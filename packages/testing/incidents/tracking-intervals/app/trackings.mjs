// Deliveries that somebody looks at right now.
import { randomUUID } from 'node:crypto';
import { keepEstimating } from './estimates.mjs';

const MAX_TRACKINGS = 2_000;

export function createTrackings(fleet) {
  const open = new Map();

  return {
    begin() {
      const id = randomUUID().replaceAll('-', '');
      const target = { latitude: 48.1 + Math.random() / 20, longitude: 11.5 + Math.random() / 20 };
      const tracking = { id, van: fleet.any(), target, minutes: undefined, updates: 0 };
      open.set(id, tracking);
      if (open.size > MAX_TRACKINGS) open.delete(open.keys().next().value);
      keepEstimating(tracking, fleet);
      return { id };
    },
    find: (id) => open.get(id),
    end: (id) => open.delete(id),
  };
}
