// Fires schedules at their times. What croner knows is when; the waiting is by our clock, in short pieces, so that a
// clock that was set or a process that was suspended is noticed. A time that was missed is told, and not made up for.
import { Cron } from 'croner';
import type { Clock } from '../actor/clock.ts';
import { fail, reasonOf } from '../errors.ts';
import type { LensEventOf } from '../telemetry/events.ts';
import type { ScheduleOptions } from './spec.ts';

export interface SchedulesOptions {
  readonly schedules: readonly ScheduleOptions[];
  /** Starts the investigation; false when the last one of this schedule is under way. */
  readonly fire: (schedule: ScheduleOptions) => boolean;
  readonly emit: (event: LensEventOf<'schedule.fired'>) => void;
  readonly clock: Clock;
  /** 0 to 1, for the jitter. */
  readonly random: () => number;
}

/** Longest piece of waiting, in ms. */
const PIECE_MS = 30_000;
/** What is noticed later than this was missed, in ms. */
const MISSED_AFTER_MS = 60_000;

/** Returns the undo. @throws NodelensError `schedule_invalid` */
export function startSchedules({ schedules, ...parts }: SchedulesOptions): () => void {
  // All are read before any is armed.
  const timetables = schedules.map((schedule) => [schedule, readTimetable(schedule, parts.clock)] as const);
  const undo = timetables.map(([schedule, timetable]) => follow(schedule, timetable, parts));
  return () => {
    for (const stop of undo) stop();
  };
}

/** The next time after that moment, wall-clock ms; undefined when none is left. */
type Timetable = (afterMs: number) => number | undefined;

function readTimetable({ name, cron, timezone }: ScheduleOptions, clock: Clock): Timetable {
  const timetable = (pattern: Cron): Timetable => {
    return (afterMs) => pattern.nextRun(new Date(afterMs))?.getTime();
  };
  try {
    const read = timetable(new Cron(cron, { paused: true, ...(timezone !== undefined && { timezone }) }));
    if (read(clock.now()) !== undefined) return read;
  } catch (error) {
    throw fail('schedule_invalid', { schedule: name, reason: reasonOf(error) }, { cause: error });
  }
  throw fail('schedule_invalid', { schedule: name, reason: `"${cron}" never comes.` });
}

/** Returns the undo. */
function follow(
  schedule: ScheduleOptions,
  timetable: Timetable,
  { fire, emit, clock, random }: Omit<SchedulesOptions, 'schedules'>,
): () => void {
  let disarm = (): void => undefined;
  const arm = (): void => {
    const atMs = timetable(clock.now());
    if (atMs === undefined) return;
    const putOffMs = Math.floor(random() * (schedule.jitterMs ?? 0));
    wait(atMs, putOffMs);
  };
  const wait = (atMs: number, putOffMs: number): void => {
    const sinceMs = clock.now();
    const pieceMs = Math.min(Math.max(atMs + putOffMs - sinceMs, 1), PIECE_MS);
    disarm = clock.after(pieceMs, () => {
      // Set back, it has an earlier time now.
      const isSetBack = clock.now() < sinceMs;
      look(isSetBack ? (timetable(clock.now()) ?? atMs) : atMs, putOffMs);
    });
  };
  const look = (atMs: number, putOffMs: number): void => {
    const lateMs = clock.now() - (atMs + putOffMs);
    if (lateMs < 0) {
      wait(atMs, putOffMs);
      return;
    }
    const isStarted = lateMs <= MISSED_AFTER_MS && fire(schedule);
    emit({ type: 'schedule.fired', schedule: schedule.name, isStarted });
    arm();
  };
  arm();
  return () => disarm();
}
