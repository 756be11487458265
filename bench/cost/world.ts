// What the recorder thread does by itself, in one thread and with the clock of the month: sampling, anomaly detector,
// residents behind their gates, triggered investigations, incidents, and the model desk with its ledger. All real; only the
// skills replay.
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { LensEvent } from '@nodelens/core';
import { createSandbox } from '@nodelens/sandbox';
import type { ManualClock } from '@nodelens/testing';
import { ActorHost } from '../../packages/core/src/actor/hosts/actor-host.ts';
import { InProcessStage } from '../../packages/core/src/actor/hosts/in-process-host.ts';
import { connectHost } from '../../packages/core/src/actor/hosts/remote-host.ts';
import { serveHost } from '../../packages/core/src/actor/hosts/served-host.ts';
import type { Connect } from '../../packages/core/src/actor/hosts/services.ts';
import { watchIncidents } from '../../packages/core/src/continuous/incident-watch.ts';
import { startResidents } from '../../packages/core/src/continuous/residents.ts';
import { randomId } from '../../packages/core/src/ids.ts';
import type { ModelRef } from '../../packages/core/src/llm/model.ts';
import { defaultOperatorLimits, type OperatorSpec } from '../../packages/core/src/operator/spec.ts';
import { defaultAnomalySettings } from '../../packages/core/src/recorder/anomaly/settings.ts';
import { createSampling } from '../../packages/core/src/recorder/sampling.ts';
import { createMemoryShelf } from '../../packages/core/src/recorder/store/memory.ts';
import { storeOn } from '../../packages/core/src/recorder/store/store.ts';
import { createVaults } from '../../packages/core/src/recorder/store/vaults.ts';
import { serveRpc } from '../../packages/core/src/rpc.ts';
import { serveSandbox } from '../../packages/core/src/sandbox-port.ts';
import { createTrigger } from '../../packages/core/src/schedule/trigger.ts';
import type { SkillDescriptor, SkillHost } from '../../packages/core/src/skill-host.ts';
import { BudgetGuard } from '../../packages/core/src/spending/budget-guard.ts';
import { createModelDesk } from '../../packages/core/src/spending/create-model-desk.ts';
import { createLedger } from '../../packages/core/src/spending/ledger.ts';
import type { UsageReport } from '../../packages/core/src/spending/usage-report.ts';
import { startAnomalyWatch } from '../../packages/core/src/system/anomaly-desk.ts';
import { createStandIn } from '../../packages/core/src/system/stand-in.ts';

export interface WorldOptions {
  readonly descriptors: readonly SkillDescriptor[];
  readonly skills: SkillHost;
  readonly model: ModelRef;
  readonly clock: ManualClock;
  readonly tell: (event: LensEvent) => void;
}

export interface World {
  /** An operator is awake, or an investigation runs. */
  isBusy(): boolean;
  usage(): UsageReport;
  close(): Promise<void>;
}

export function openWorld({ descriptors, skills, model, clock, tell }: WorldOptions): World {
  const busy = createBusy();
  const hear = (event: LensEvent): void => {
    busy.note(event);
    tell(event);
    incidents.hear(event);
  };
  const incidents = watchIncidents({ clock, ids: randomId, tell });
  const now = (): number => clock.now();
  const guard = new BudgetGuard({ ledger: createLedger({ now }), budget: {}, prices: {}, now, tell: hear });
  const desk = createModelDesk({ guard, clock, tell: hear });
  const sandbox = createSandbox();
  const store = storeOn(createMemoryShelf(createVaults()), undefined);
  const host = servicesHost((service, port) => {
    if (service === 'skills') serveRpc(port, skills);
    if (service === 'sandbox') serveSandbox(port, sandbox);
    if (service === 'store') serveRpc(port, store);
    if (service === 'models') desk.connect(port);
    if (service === 'launcher') serveHost(port, host);
  }, clock);
  const launcher = new MessageChannel();
  serveHost(launcher.port1, host);
  const onLauncher = connectHost(launcher.port2, { clock });
  const operators = descriptors.map((skill) => operatorOf(skill, model));
  const standIn = createStandIn({
    host: async () => onLauncher,
    operators: async () => operators.map((operator) => ({ ...operator, mode: 'on-demand' })),
    model,
    headroom: () => Number.POSITIVE_INFINITY,
  });
  const trigger = createTrigger({
    investigate: (request) =>
      busy.during(standIn(request, { signal: new AbortController().signal, onEvent: hear })),
    maxPerHour: defaultAnomalySettings.maxPerHour,
    clock,
    emit: hear,
  });
  const sampling = createSampling({ snapshot: skills.snapshot, clock });
  const kinds = new Map(descriptors.map(({ id, metrics }) => [id, metrics]));
  const anomalies = startAnomalyWatch({
    settings: defaultAnomalySettings,
    sampling,
    kindsOf: (skill) => kinds.get(skill),
    clock,
    tell: hear,
    trigger,
    shelf: undefined,
  });
  anomalies.follow(descriptors.map(({ id }) => id));
  const residents = startResidents({
    host: onLauncher,
    plans: operators.map((spec) => ({ spec, gate: 'anomaly' as const })),
    notifications: [],
    sampling,
    check: ({ id }, data, history) => skills.check(id, data, history),
    anomalies: anomalies.current,
    clock,
    random: () => 0,
    headroom: () => Number.POSITIVE_INFINITY,
    tell(event) {
      hear(event);
      incidents.hearResident(event);
    },
  });
  anomalies.onAnomaly(residents.onAnomaly);
  return {
    isBusy: busy.isBusy,
    usage: () => guard.report(),
    async close() {
      await residents.stop();
      incidents.close();
      anomalies.close();
      sampling.close();
      await onLauncher.close();
      await host.close();
      await sandbox.close();
    },
  };
}

const operatorOf = (skill: SkillDescriptor, model: ModelRef): OperatorSpec => ({
  name: skill.id,
  skill: { ...skill, host: 'recorder' },
  mode: 'continuous',
  restart: 'permanent',
  model,
  limits: defaultOperatorLimits,
});

interface Busy {
  readonly note: (event: LensEvent) => void;
  during<T>(work: Promise<T>): Promise<T>;
  readonly isBusy: () => boolean;
}

function createBusy(): Busy {
  const awake = new Set<string>();
  let investigations = 0;
  return {
    note(event) {
      if (event.type === 'operator.woken') awake.add(event.operator);
      // A failure of an operator that is at rest or in an investigation changes nothing here.
      if (event.type === 'operator.hibernated') awake.delete(event.operator);
    },
    async during(work) {
      investigations += 1;
      try {
        return await work;
      } finally {
        investigations -= 1;
      }
    },
    isBusy: () => awake.size > 0 || investigations > 0,
  };
}

/** A host in this thread that gives actors the services of their specs, as the launcher does. */
function servicesHost(connect: Connect, clock: ManualClock): ActorHost {
  const stage = new InProcessStage(clock);
  return new ActorHost(
    {
      run: (request) => {
        const ports: { [name: string]: MessagePort } = { ...request.ports };
        for (const service of request.spec.services ?? []) {
          const { port1, port2 } = new MessageChannel();
          connect(service, port1);
          ports[service] = port2;
        }
        return stage.run({ ...request, ports });
      },
      close: () => stage.close(),
    },
    { clock },
  );
}
