// The desk where every thread asks before it calls a model, and tells what came of it (service `models`, on the
// recorder thread): one place that knows all calls, so that budgets, places and circuits hold for all threads.
import type { WireError } from '../errors.ts';
import type { Id } from '../ids.ts';
import type { TokenUsage } from '../llm/model.ts';
import type { Verdict } from './circuit.ts';
import type { UsageReport } from './usage-report.ts';

/** Who calls. */
export interface Caller {
  /** The operator's name, or `coordinator`. */
  readonly caller: string;
  readonly investigationId: Id;
  /** What `perRun` counts by: the investigation, the single run, or the round. */
  readonly runId: Id;
}

export interface RunRequest extends Caller {
  readonly model: string;
}

export interface CallRequest extends Caller {
  /** Chosen by the client, unique on its port. */
  readonly ticket: number;
  readonly model: string;
  /** What the request will take, as far as one can tell before: it is held back until the call has ended. */
  readonly estimate: TokenUsage;
}

export interface CallOutcome {
  /** Who answered, where it is another than was asked. */
  readonly model?: string;
  /** Of an answer. Its `costUsd` counts in place of the price table. */
  readonly usage?: TokenUsage;
  readonly error?: WireError;
  readonly verdict: Verdict;
  /** Wall-clock ms. */
  readonly startedAtMs: number;
  readonly durationMs: number;
}

export type Admission = 'begun' | 'waiting';

/** Absent where the price is not known. */
export interface Bill {
  readonly costUsd?: number;
}

/** Functions without a `this`. Each answers within {@link WAIT_MS} and what the thread is busy with. */
export interface ModelDesk {
  /** Counts a run. @throws NodelensError `budget_exceeded` when it is one too many. */
  readonly startRun: (run: RunRequest) => Promise<void>;
  /**
   * Asks for a place; `waiting`: go on with `wait`.
   * @throws NodelensError `budget_exceeded`, `model_circuit_open`, `model_busy`
   */
  readonly begin: (call: CallRequest) => Promise<Admission>;
  /** `waiting` after {@link WAIT_MS}: ask again. @throws as `begin`; `run_cancelled` for a ticket that is not there. */
  readonly wait: (ticket: number) => Promise<Admission>;
  /** Gives the place back. */
  readonly end: (ticket: number, outcome: CallOutcome) => Promise<Bill>;
  /** Gives a ticket back that is not used, whether it waits or has its place. */
  readonly leave: (ticket: number) => Promise<void>;
  /** Its actor has ended: what is still open is given back, as when the port is closed. */
  readonly leaveAll: () => Promise<void>;
  /** A call that needs no place: told when it is over. */
  readonly count: (call: Caller & { readonly model: string }, outcome: CallOutcome) => Promise<Bill>;
  readonly usage: () => Promise<UsageReport>;
}

export const WAIT_MS = 1_000;
