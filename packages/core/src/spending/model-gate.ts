// The gate of one model: its places and its circuit, the same for all threads.
import type { Clock } from '../actor/clock.ts';
import { fail, type WireError } from '../errors.ts';
import type { LensEventOf } from '../telemetry/events.ts';
import { type Circuit, closedCircuit, isOpen, settled, type Verdict, waitOf } from './circuit.ts';
import { createPlaces, type Place } from './places.ts';
import { toldError } from './told-error.ts';

export type CircuitEvent = LensEventOf<'circuit.opened' | 'circuit.closed'>;

export interface ModelGateOptions {
  readonly model: string;
  /** Calls at once. */
  readonly concurrency: number;
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
  readonly tell: (event: CircuitEvent) => void;
}

export interface GateCall {
  /** Throws what else the call is refused for. */
  readonly assertAllowed: () => void;
  /** @param isProbe it finds out whether the model is back. */
  readonly onBegin: (isProbe: boolean) => void;
}

export interface Finding {
  readonly verdict: Verdict;
  readonly isProbe: boolean;
  readonly error?: WireError;
}

export interface ModelGate {
  /** @throws NodelensError `model_circuit_open`, `model_busy`, and what the call is refused for. */
  enter(call: GateCall): Place;
  /** What a call that had begun says of the model; before its place is given back. */
  learn(finding: Finding): void;
}

export function createModelGate(options: ModelGateOptions): ModelGate {
  const { model, concurrency, clock, random, tell } = options;
  const places = createPlaces(concurrency);
  let circuit: Circuit = closedCircuit;
  let lastError: WireError = { name: 'Error', message: 'no reason given' };
  const assertClosed = (): void => {
    const retryInMs = Math.ceil(waitOf(circuit, clock.now()));
    if (retryInMs === 0) return;
    const { failures } = circuit;
    throw fail('model_circuit_open', { model, failures, reason: lastError.message, retryInMs });
  };
  return {
    enter({ assertAllowed, onBegin }) {
      const visitor = {
        assertAllowed: () => {
          assertClosed();
          assertAllowed();
        },
        onBegin: () => {
          const isProbe = isOpen(circuit);
          circuit = { ...circuit, isProbed: isProbe };
          onBegin(isProbe);
        },
      };
      visitor.assertAllowed();
      if (places.isFull()) throw fail('model_busy', { model, waiting: places.waiting(), limit: concurrency });
      return places.take(visitor);
    },
    learn({ verdict, isProbe, error }) {
      if (error !== undefined) lastError = toldError(error);
      const before = circuit;
      circuit = settled(before, verdict, { nowMs: clock.now(), random, isProbe });
      if (circuit.openings > before.openings) {
        const retryInMs = waitOf(circuit, clock.now());
        tell({ type: 'circuit.opened', model, failures: circuit.failures, retryInMs, error: lastError });
        places.review();
      } else if (isOpen(before) && !isOpen(circuit)) {
        tell({ type: 'circuit.closed', model, openForMs: clock.now() - before.openedAtMs });
      }
    },
  };
}
