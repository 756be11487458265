// What fires in a sample: the checks of the skill, wherever they run, and the anomalies of its metrics that go on.
import { isError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { Sample } from '../recorder/sampling.ts';
import { type Cause, causeOfAnomaly, causeOfCheck, SNAPSHOT_FAILED } from './cause.ts';
import type { ResidentPlan } from './resident-plan.ts';
import type { ResidentWorld } from './resident-world.ts';

export interface Looking {
  readonly plan: ResidentPlan;
  /** Data of the latest snapshots, oldest first. */
  readonly history: readonly JsonObject[];
  readonly world: Pick<ResidentWorld, 'check' | 'anomalies'>;
}

/** Undefined: main does not answer for its own skill, which others look into. */
export async function causesIn(
  sample: Sample,
  { plan: { spec, gate }, history, world }: Looking,
): Promise<readonly Cause[] | undefined> {
  try {
    if ('error' in sample) throw sample.error;
    const findings = await world.check(spec.skill, sample.data, history);
    const anomalies =
      gate === 'checks' ? [] : world.anomalies().filter(({ skill }) => skill === spec.skill.id);
    return [...findings.map(causeOfCheck), ...anomalies.map(causeOfAnomaly)];
  } catch (error) {
    const isMainSilent = spec.skill.host === 'main' && isError(error) && error.code.startsWith('rpc_');
    return isMainSilent ? undefined : [SNAPSHOT_FAILED];
  }
}
