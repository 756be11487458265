// How often continuous operators may be restarted.
import type { Intensity } from '../actor/supervision/restart.ts';

/**
 * One that dies again and again must not take the others with it: its backoff lets it have 7 restarts in this window,
 * and no more, so they never become too many. It is told each time, and tried again every half minute.
 */
export const operatorIntensity = (operators: number): Intensity => ({
  maxRestarts: 8 * operators,
  withinMs: 5_000,
});
