// The contract of probes: the part of a skill that lives on the main thread, because what it watches (console,
// diagnostics channels, sockets) can be seen only there.
import type { JsonObject } from '../json.ts';

/** Where a probe is: loaded synchronously, so its module may have no top-level await. */
export interface ProbeSpec {
  /** URL of a module that exports a {@link Probe} as `exportName`. */
  readonly module: string;
  readonly exportName: string;
  /** Length of {@link ProbePort.numbers}. Default 0. */
  readonly numbers?: number;
}

/**
 * Starts watching on main; returns its undo, which must leave nothing behind. It runs inside the app: per event a few
 * lines of constant cost, no I/O, no timers, nothing of the app kept alive, and never an exception into the app.
 */
export type Probe = (port: ProbePort, options: JsonObject) => () => void;

/** What a probe tells the recorder with. */
export interface ProbePort {
  /** Memory that the recorder reads at any time, also while main is blocked. All 0 at first; the probe gives it meaning. */
  readonly numbers: Float64Array;
  /**
   * Tells one event. It arrives when main's loop turns, or when 64 are waiting. Never throws; what exceeds 1,000 a
   * second, or cannot be cloned, is counted and dropped. The probe bounds the size of an event.
   */
  emit(event: JsonObject): void;
}

/** The same on the recorder thread, as the skill sees it. */
export interface ProbeFeed {
  /** See {@link ProbePort.numbers}; empty when the skill has no probe or it could not be started. */
  readonly numbers: Float64Array;
  /** Events told so far, and those that were dropped. */
  readonly emitted: number;
  readonly dropped: number;
  /** Why what happens on main is not, or not wholly, recorded; undefined while it is. */
  readonly failure: string | undefined;
  /** Called for each event, in order. One listener: the skill. */
  onEvent(listener: (event: JsonObject) => void): void;
}

/** What travels to the recorder for each probe. */
export interface ProbeLink {
  readonly skill: string;
  readonly memory: SharedArrayBuffer;
  readonly failure?: string;
}

/** In front of the probe's own numbers. */
export const EMITTED = 0;
export const DROPPED = 1;
export const RESERVED = 2;
