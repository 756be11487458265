// Continuous operators: one supervised child each, on threads of the launcher, restarted by their policy.
import type { ChildSpec } from '../actor/child-spec.ts';
import { describeExit } from '../actor/exit.ts';
import type { Host } from '../actor/host.ts';
import type { Intensity } from '../actor/restart.ts';
import { Supervisor } from '../actor/supervisor.ts';
import type { SupervisorEvent } from '../actor/supervisor-options.ts';
import type { TreeNode } from '../actor/tree.ts';
import { toWire } from '../errors.ts';
import { randomId } from '../ids.ts';
import { asJson, type JsonObject } from '../json.ts';
import { operatorNeeds } from '../operator/run.ts';
import type { OperatorEvent, OperatorInput, OperatorSpec } from '../operator/spec.ts';
import type { LensEvent } from '../telemetry/events.ts';
import { workerUrl } from '../worker-url.ts';

export interface ContinuousOptions {
  readonly host: Host;
  readonly specs: readonly OperatorSpec[];
  /** Resolves when threads can be started: where the recorder is gone, its next life is waited for. */
  readonly ready: () => Promise<void>;
  readonly onEvent: (event: LensEvent) => void;
  /** The tree is different now. */
  readonly onChange: () => void;
}

export interface Continuous {
  /** Puts a new version in the place of the operator with that name. @throws NodelensError `actor_start_failed` */
  replace(spec: OperatorSpec): Promise<void>;
  tree(): TreeNode;
  stop(): Promise<void>;
}

/**
 * One that dies again and again must not take the others with it: its backoff lets it have 7 restarts in this window,
 * and no more, so they never become too many. It is told each time, and tried again every half minute.
 */
export const operatorIntensity = (operators: number): Intensity => ({
  maxRestarts: 8 * operators,
  withinMs: 5_000,
});

/** Resolves when all have started. @throws NodelensError `actor_start_failed` */
export async function startContinuous(options: ContinuousOptions): Promise<Continuous> {
  const { host, specs, ready, onEvent, onChange } = options;
  // One id for the life of the operator: what it reports over time belongs together.
  const investigations = new Map(specs.map(({ name }) => [childId(name), randomId()]));
  const supervisor = new Supervisor({
    id: 'operators',
    host,
    ...operatorIntensity(specs.length),
    prepare: async () => {
      await ready();
      return {};
    },
    onEvent: (event) => tell(event, investigations, onEvent),
    onChange,
  });
  const specOf = (spec: OperatorSpec): ChildSpec =>
    childSpec(spec, investigations.get(childId(spec.name)) ?? randomId());
  await supervisor.start(specs.map(specOf));
  return {
    replace: (spec) => supervisor.replaceChild(childId(spec.name), specOf(spec)),
    tree: () => supervisor.tree(),
    stop: () => supervisor.stop(),
  };
}

const childId = (name: string): string => `operator-${name}`;

function childSpec(spec: OperatorSpec, investigationId: string): ChildSpec {
  const input: OperatorInput = { spec, investigationId, context: { reason: 'continuous observation' } };
  return {
    id: childId(spec.name),
    module: workerUrl('../operator/operator', import.meta.url).href,
    exportName: 'createOperator',
    input: asJson(input) as JsonObject,
    restart: spec.restart,
    placement: 'thread',
    ...operatorNeeds(spec),
  };
}

function tell(
  event: SupervisorEvent,
  investigations: ReadonlyMap<string, string>,
  onEvent: (event: LensEvent) => void,
): void {
  const investigationId = 'child' in event ? (investigations.get(event.child) ?? '') : '';
  if ('ref' in event)
    event.ref?.onEvent((json) => onEvent({ ...(json as unknown as OperatorEvent), investigationId }));
  onEvent(asLensEvent(event, investigationId));
}

function asLensEvent(event: SupervisorEvent, investigationId: string): LensEvent {
  if (event.type === 'supervisor.gave_up')
    return { type: event.type, supervisor: event.supervisor, error: toWire(event.error) };
  const operator = event.child.slice(childId('').length);
  switch (event.type) {
    case 'child.started':
      return { type: 'operator.started', investigationId, operator };
    case 'child.replaced':
      return { type: 'operator.replaced', operator };
    case 'child.exited':
      return { type: 'operator.failed', investigationId, operator, message: describeExit(event.reason) };
    case 'child.restarting':
      return { type: 'operator.restarted', operator, attempt: event.attempt, delayMs: event.delayMs };
  }
}
