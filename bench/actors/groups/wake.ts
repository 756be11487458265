// A resident that is woken, from the look that wakes it until its first step is told, on the thread that the launcher
// keeps in reserve, as after a rest in a running system; the model answers at once. The same without a thread in reserve.
// And one whose round is foreseen, from when it is due until the same.
import { setTimeout as delay } from 'node:timers/promises';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { systemClock } from '../../../packages/core/src/actor/clock.ts';
import type { ParkedThread } from '../../../packages/core/src/actor/hosts/host.ts';
import type { CheckFinding } from '../../../packages/core/src/check-finding.ts';
import type { ResidentPlan } from '../../../packages/core/src/continuous/resident-plan.ts';
import type { Residents } from '../../../packages/core/src/continuous/residents.ts';
import type { OperatorSpec } from '../../../packages/core/src/operator/spec.ts';
import type { SampleListener } from '../../../packages/core/src/recorder/sampling.ts';
import type { LensEvent, LensEventOf, LensEventType } from '../../../packages/core/src/telemetry/events.ts';
import { bareSpawn } from '../bare-spawn.ts';
import { importCore } from '../core.ts';
import { type Figures, type OpenGroup, timeOf } from '../group.ts';
import { model, operatorSpec } from '../subjects.ts';

/** Longer than any lead. */
const ROUND_MS = 600;
/** A parked thread has started and loaded its modules by then. */
const PARKED_MS = 400;

async function openResident() {
  const { startLauncher } = await importCore('actor/hosts/launcher-handle');
  const { connectHost } = await importCore('actor/hosts/remote-host');
  const { startResidents } = await importCore('continuous/residents');
  const served: MessagePort[] = [];
  const launcher = startLauncher({
    onConnect(service, port) {
      // Nobody counts what models cost here, and who asks must hear that at once.
      if (service === 'models') port.close();
      else served.push(port);
    },
  });
  const { port1, port2 } = new MessageChannel();
  launcher.connect('launcher', port2);
  let look: SampleListener = () => {};
  let onEvent: (event: LensEvent) => void = () => {};
  let findings: readonly CheckFinding[] = [];
  const host = connectHost(port1);
  const spec: OperatorSpec = { ...(await operatorSpec(model('createDone'))), mode: 'continuous' };
  const { residentModule } = await importCore('continuous/resident-plan');
  let parked = Promise.withResolvers<void>();
  const park = (): ParkedThread | undefined => {
    setTimeout(() => parked.resolve(), PARKED_MS);
    return host.park([residentModule]);
  };
  const start = (plan: ResidentPlan, hasSpare = false): Residents =>
    startResidents({
      host,
      ...(hasSpare && { park }),
      plans: [plan],
      notifications: [],
      sampling: {
        follow(_skill, _everyMs, listener) {
          look = listener;
          return () => {};
        },
        now: () => look({ skill: 'bench', atMs: Date.now(), data: {} }),
      },
      check: async () => findings,
      anomalies: () => [],
      clock: systemClock,
      tell: (event) => onEvent(event),
    });
  const next = <T extends LensEventType>(type: T): Promise<LensEventOf<T>> =>
    new Promise((resolve) => {
      onEvent = (event) => {
        if (event.type === type) resolve(event as LensEventOf<T>);
      };
    });
  const kept: Residents[] = [];
  const resident = (hasSpare: boolean): SampleListener => {
    kept.push(start({ spec, gate: 'anomaly' }, hasSpare));
    return look;
  };
  const withSpare = resident(true);
  const without = resident(false);
  let looks = 0;
  const wake = async (lookOfResident: SampleListener): Promise<Figures> => {
    const begun = Promise.withResolvers<void>();
    const rested = Promise.withResolvers<void>();
    onEvent = ({ type }) => {
      if (type === 'operator.step') begun.resolve();
      if (type === 'operator.hibernated') rested.resolve();
    };
    looks += 1;
    findings = [{ checkId: `bench.${looks}`, finding: {}, investigate: '' }];
    const figures = await timeOf(async () => {
      lookOfResident({ skill: 'bench', atMs: Date.now(), data: {} });
      await begun.promise;
    });
    await rested.promise;
    return figures;
  };
  // All of ours is unref'd, and a wake is waited for by events alone.
  const hold = setInterval(() => {}, 60_000);
  return {
    async wake(): Promise<Figures> {
      await parked.promise;
      parked = Promise.withResolvers();
      return wake(withSpare);
    },
    wakeWithout: () => wake(without),
    /** Its second round: the first start tells it how long one takes. */
    async keepTime(): Promise<Figures> {
      findings = [];
      const own = start({
        spec: { ...spec, limits: { ...spec.limits, roundEveryMs: ROUND_MS } },
        gate: 'always',
      });
      const rested = next('operator.hibernated');
      look({ skill: 'bench', atMs: Date.now(), data: {} });
      const { wakeInMs } = await rested;
      const begun = next('operator.step');
      await delay(wakeInMs);
      const figures = await timeOf(() => begun);
      await own.stop();
      return figures;
    },
    async close() {
      clearInterval(hold);
      for (const one of kept) await one.stop();
      await host.close();
      await launcher.stop();
      for (const port of served) port.close();
    },
  };
}

export const open: OpenGroup = async () => {
  const resident = await openResident();
  // The launcher itself.
  await resident.wakeWithout();
  return {
    cases: [
      { name: 'bare', run: bareSpawn },
      { name: 'control', run: bareSpawn },
      { name: 'resident', run: resident.wake },
      { name: 'unreserved', run: resident.wakeWithout },
      { name: 'foreseen', run: resident.keepTime },
    ],
    close: resident.close,
  };
};
