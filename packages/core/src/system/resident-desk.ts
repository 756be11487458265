// The residents of the recorder thread, put together, and the way to ask them: who asks before they are there waits.
import { systemClock } from '../actor/clock.ts';
import { connectHost } from '../actor/hosts/remote-host.ts';
import { openPort } from '../actor/hosts/services.ts';
import { createDeadLetterReport } from '../actor/messages/dead-letters.ts';
import { residentModule } from '../continuous/resident-plan.ts';
import { type Residents, startResidents } from '../continuous/residents.ts';
import type { ResidentsDesk } from '../continuous/residents-desk.ts';
import { startStallAlarm } from '../continuous/stall-alarm.ts';
import { fail } from '../errors.ts';
import { type OperatorPlan, resolvePlan } from '../operator/plan.ts';
import type { RecorderParts, RecorderService } from '../recorder/run-recorder.ts';
import type { Sampling } from '../recorder/sampling.ts';
import { serveRpc } from '../rpc.ts';
import type { Anomaly } from '../telemetry/continuous-events.ts';
import { ownNotifications } from './own-notifications.ts';
import type { RecorderInit } from './recorder-init.ts';
import type { SkillReader } from './skill-reader.ts';

/** What the residents hear of the anomaly detector. */
export interface AnomalySource {
  current(): readonly Anomaly[];
  /** Returns the undo. */
  onAnomaly(listener: (anomaly: Anomaly) => void): () => void;
}

/** What is watched on the recorder thread, for the residents to look at. */
export interface Watching {
  readonly init: RecorderInit;
  readonly sampling: Sampling;
  readonly reader: SkillReader;
  /** Undefined: there is no detector. */
  readonly anomalies: AnomalySource | undefined;
}

export interface ResidentDesk {
  /** The service `residents`. */
  readonly service: RecorderService;
  /** Begins; returns the undo, which ends them and their threads. */
  start(parts: RecorderParts, watching: Watching): () => Promise<void>;
}

/** Notifications of this process that a recorder which came back looks at. */
const REMEMBERED = 200;

export function createResidentDesk(): ResidentDesk {
  const { promise: housed, resolve, reject } = Promise.withResolvers<Housed | undefined>();
  // Main may not ask.
  housed.catch(() => undefined);
  const desk: ResidentsDesk = {
    ready: async () => void (await housed),
    async replace(plan, isSameSkill) {
      const house = await housed;
      if (house === undefined)
        throw fail('operator_unknown', { operator: plan.spec.name, available: 'none' });
      await house.residents.replace(plan, isSameSkill);
    },
    tree: async () => (await housed)?.residents.tree() ?? null,
  };
  return {
    service: () => (port) => void serveRpc(port, desk),
    start(parts, watching) {
      const stopping = new AbortController();
      house(parts, watching, stopping.signal).then(resolve, reject);
      return async () => {
        stopping.abort();
        await housed.then(
          (found) => found?.end(),
          () => undefined,
        );
      };
    },
  };
}

interface Housed {
  readonly residents: Residents;
  end(): Promise<void>;
}

/** Undefined when no operator is continuous, or the stop came first. */
async function house(
  parts: RecorderParts,
  { init, sampling, reader, anomalies }: Watching,
  stopping: AbortSignal,
): Promise<Housed | undefined> {
  const continuous = init.operators.filter(({ mode }) => mode === 'continuous');
  if (continuous.length === 0) return undefined;
  const plans = await Promise.all(continuous.map((plan) => planFor(plan, parts, init)));
  const past = await parts.store.history({ limit: REMEMBERED }).catch(() => undefined);
  if (stopping.aborted) return undefined;
  const deadLetters = createDeadLetterReport(parts.tell);
  const host = connectHost(() => openPort(parts.connect, 'launcher'), { onDeadLetter: deadLetters.report });
  const residents = startResidents({
    host,
    ...(init.spareThread && { park: () => host.park([residentModule]) }),
    plans,
    notifications: ownNotifications(past?.notifications ?? [], init.startedAtMs),
    sampling,
    check: reader.check,
    anomalies: () => anomalies?.current() ?? [],
    clock: systemClock,
    tell: parts.tell,
  });
  const undo = [
    startStallAlarm(parts.context, systemClock, residents.onStall),
    anomalies?.onAnomaly(residents.onAnomaly),
  ];
  return {
    residents,
    async end() {
      for (const stop of undo) stop?.();
      await residents.stop();
      await host.close();
      deadLetters.close();
    },
  };
}

async function planFor(
  plan: OperatorPlan,
  { skills }: RecorderParts,
  { mainSkills }: RecorderInit,
): Promise<Parameters<ResidentsDesk['replace']>[0]> {
  const describe = async (skillId: string) =>
    mainSkills.find(({ id }) => id === skillId) ?? skills.describe(skillId);
  return { spec: await resolvePlan(plan, describe), gate: plan.gate };
}
