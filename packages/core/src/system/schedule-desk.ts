// Schedules on the recorder thread, where a blocked main can neither delay nor lose one. Loaded only where there are any.
import { systemClock } from '../actor/clock.ts';
import type { HubExtension } from './hub.ts';

/** Arms the schedules of the options; one that cannot be read fails the start with `schedule_invalid`. */
export const scheduleDesk: HubExtension = (parts, hub) => {
  const { schedules = [] } = hub.init;
  if (schedules.length === 0) return () => undefined;
  const started = import('../schedule/schedules.ts').then(({ startSchedules }) =>
    startSchedules({
      schedules,
      fire: ({ name, run }) => hub.trigger.fire('schedule', run, name),
      emit: parts.tell,
      clock: systemClock,
      random: Math.random,
    }),
  );
  parts.beforeReady(started);
  return () =>
    started.then(
      (stop) => stop(),
      () => undefined,
    );
};
