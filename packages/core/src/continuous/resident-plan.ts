// A continuous operator as its resident plans it: what it is, what wakes it, and how its thread is started.
import type { ChildSpec } from '../actor/supervision/child-spec.ts';
import { fail } from '../errors.ts';
import type { Id } from '../ids.ts';
import { asJson, type JsonObject } from '../json.ts';
import { operatorNeeds } from '../operator/run.ts';
import type { OperatorInput, OperatorSpec } from '../operator/spec.ts';
import { workerUrl } from '../worker-url.ts';
import type { Gate } from './gate.ts';

export interface ResidentPlan {
  readonly spec: OperatorSpec;
  readonly gate: Gate;
}

/** @throws NodelensError `option_invalid` when nothing could ever wake it. */
export function assertWakeable({ spec: { name, skill }, gate }: ResidentPlan): void {
  if (gate !== 'checks' || skill.checks.length > 0) return;
  throw fail('option_invalid', {
    option: `gate of "${name}"`,
    reason: `its skill "${skill.id}" has no checks, so "checks" would never wake it.`,
  });
}

/** What their threads load first. */
export const residentModule: string = workerUrl('../operator/operator', import.meta.url).href;

/** A model that never answers must not keep an operator from looking for ever. */
const LONGEST_ROUND_MS = 3_600_000;

export const childId = (operator: string): string => `operator-${operator}`;

export function childSpec({ spec }: ResidentPlan, investigationId: Id): ChildSpec {
  const { roundEveryMs } = spec.limits;
  const reason = `continuous observation: a wait of ${roundEveryMs} ms or more ends this round and sets when the next one begins`;
  const input: OperatorInput = { spec, investigationId, context: { reason }, timeoutMs: LONGEST_ROUND_MS };
  return {
    id: childId(spec.name),
    module: residentModule,
    exportName: 'createOperator',
    input: asJson(input) as JsonObject,
    // An end without a failure is a rest: only its resident wakes it.
    restart: spec.restart === 'temporary' ? 'temporary' : 'transient',
    placement: 'thread',
    ...operatorNeeds(spec),
  };
}
