// The contract of probes: the part of a skill that lives on the main thread, because what it watches (console,
// diagnostics channels, sockets) can be seen only there.
import type { JsonObject, JsonValue } from '../json.ts';

/**
 * Where a probe is: loaded synchronously, so its module may have no top-level await. Skills that name the same
 * module and export share one probe, started with the options of the first of them.
 */
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
   * Tells one event. It arrives within a quarter of a second while main's loop turns, or when 64 are waiting. Never throws; what exceeds 1,000 a
   * second, or cannot be cloned, is counted and dropped. The probe bounds the size of an event.
   */
  emit(event: JsonObject): void;
  /**
   * Answers the questions of {@link ProbeFeed.ask}, on main, in the middle of whatever JavaScript runs there: it only
   * reads, takes well under a millisecond, and bounds what it returns. One answerer; the last one counts.
   */
  answer(answerer: (question: JsonObject) => JsonValue): void;
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
  /** Called for each event, in order; the first listener also gets those from before it. */
  onEvent(listener: (event: JsonObject) => void): void;
  /**
   * Asks what the probe knows right now; answered also while main runs JavaScript without a pause.
   * @param options `timeoutMs`: default 1,000
   * @throws NodelensError `inspector_no_answer` while main is in a native call, `inspector_failed` when the probe does
   * not run or its answerer threw
   */
  ask(question: JsonObject, options?: { readonly timeoutMs?: number }): Promise<JsonValue>;
}

/** What travels to the recorder for each probe. */
export interface ProbeLink {
  /** See {@link probeKey}. */
  readonly key: string;
  readonly memory: SharedArrayBuffer;
  readonly failure?: string;
}

/** One probe for each key, whatever the number of skills that want it. */
export const probeKey = ({ module, exportName }: ProbeSpec): string => `${exportName} of ${module}`;

/** On main's `process`, not enumerable: the function that puts a question to a probe by its key. */
export const ASK_PROBE = 'nodelens.ask-probe';

/** In front of the probe's own numbers. */
export const EMITTED = 0;
export const DROPPED = 1;
export const RESERVED = 2;
