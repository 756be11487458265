// The circuit breaker of one model, as a pure state: after several failures in a row the model is left alone for a
// while, then one call finds out whether it is back.
import { type Backoff, backoffMs } from '../actor/supervision/restart.ts';
import { isError } from '../errors.ts';

export interface Circuit {
  /** In a row. */
  readonly failures: number;
  /** Openings in a row; 0 while it is closed. */
  readonly openings: number;
  /** Of the first of them. Wall-clock ms. */
  readonly openedAtMs: number;
  readonly retryAtMs: number;
  /** A call is under way that finds out. */
  readonly isProbed: boolean;
}

export const closedCircuit: Circuit = {
  failures: 0,
  openings: 0,
  openedAtMs: 0,
  retryAtMs: 0,
  isProbed: false,
};

const OPEN_AFTER = 5;
const BACKOFF: Backoff = { initialMs: 30_000, factor: 2, maxMs: 600_000, jitter: 0.2 };
/** Told to those who come while the probing call is under way, in ms. */
const PROBE_MS = 1_000;

export const isOpen = ({ openings }: Circuit): boolean => openings > 0;

/** Ms until a call may be tried; 0 for now: then, where the circuit is open, the call is the one that finds out. */
export function waitOf(circuit: Circuit, nowMs: number): number {
  if (!isOpen(circuit)) return 0;
  if (circuit.isProbed) return PROBE_MS;
  return Math.max(0, circuit.retryAtMs - nowMs);
}

/** `neither` for an abort and for what says nothing about the provider. */
export type Verdict = 'good' | 'bad' | 'neither';

/** @param random gives 0 to 1. */
export function settled(
  circuit: Circuit,
  verdict: Verdict,
  {
    nowMs,
    random,
    isProbe,
  }: { readonly nowMs: number; readonly random: () => number; readonly isProbe: boolean },
): Circuit {
  if (verdict === 'good') return closedCircuit;
  if (verdict === 'neither') return isProbe ? { ...circuit, isProbed: false } : circuit;
  const failures = circuit.failures + 1;
  const opens = isOpen(circuit) ? isProbe : failures >= OPEN_AFTER;
  if (!opens) return { ...circuit, failures };
  const openings = circuit.openings + 1;
  return {
    failures,
    openings,
    openedAtMs: isOpen(circuit) ? circuit.openedAtMs : nowMs,
    retryAtMs: nowMs + backoffMs(openings, BACKOFF, random),
    isProbed: false,
  };
}

/** The provider's fault, not the request's: what fails another request just as well. */
const PROVIDER_CODES: readonly string[] = [
  'model_unavailable',
  'model_overloaded',
  'model_rate_limited',
  'model_timeout',
];
const PROVIDER_STATUS: readonly unknown[] = [401, 402, 403, 404];

/** What a failure says about the model. */
export function verdictOf(error: unknown, isAborted: boolean): Verdict {
  if (isAborted) return 'neither';
  if (!isError(error)) return 'bad';
  if (PROVIDER_CODES.includes(error.code)) return 'bad';
  if (error.code !== 'model_failed') return 'neither';
  const { status } = error.data;
  // A provider that refuses a request is there.
  return status === undefined || PROVIDER_STATUS.includes(status) ? 'bad' : 'good';
}
