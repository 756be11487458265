// A resident that is woken, from the look that wakes it until its first step is told: its thread is started by the
// launcher, as after a rest in a running system; the model answers at once.
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { systemClock } from '../../../packages/core/src/actor/clock.ts';
import type { CheckFinding } from '../../../packages/core/src/llm/briefing.ts';
import type { SampleListener } from '../../../packages/core/src/recorder/sampling.ts';
import type { LensEvent } from '../../../packages/core/src/telemetry/events.ts';
import { bareSpawn } from '../bare-spawn.ts';
import { importCore } from '../core.ts';
import { type Figures, type OpenGroup, timeOf } from '../group.ts';
import { model, operatorSpec } from '../subjects.ts';

async function openResident() {
  const { startLauncher } = await importCore('actor/launcher-handle');
  const { connectHost } = await importCore('actor/remote-host');
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
  const residents = startResidents({
    host,
    plans: [{ spec: { ...(await operatorSpec(model('createDone'))), mode: 'continuous' }, gate: 'anomaly' }],
    notifications: [],
    sampling: {
      follow(_skill, _everyMs, listener) {
        look = listener;
        return () => {};
      },
      now: () => {},
    },
    check: async () => findings,
    anomalies: () => [],
    clock: systemClock,
    tell: (event) => onEvent(event),
  });
  let looks = 0;
  // All of ours is unref'd, and a wake is waited for by events alone.
  const hold = setInterval(() => {}, 60_000);
  return {
    async wake(): Promise<Figures> {
      const begun = Promise.withResolvers<void>();
      const rested = Promise.withResolvers<void>();
      onEvent = ({ type }) => {
        if (type === 'operator.step') begun.resolve();
        if (type === 'operator.hibernated') rested.resolve();
      };
      looks += 1;
      findings = [{ checkId: `bench.${looks}`, finding: {}, investigate: '' }];
      const figures = await timeOf(async () => {
        look({ skill: 'bench', atMs: Date.now(), data: {} });
        await begun.promise;
      });
      await rested.promise;
      return figures;
    },
    async close() {
      clearInterval(hold);
      await residents.stop();
      await host.close();
      await launcher.stop();
      for (const port of served) port.close();
    },
  };
}

export const open: OpenGroup = async () => {
  const resident = await openResident();
  // The launcher itself.
  await resident.wake();
  return {
    cases: [
      { name: 'bare', run: bareSpawn },
      { name: 'control', run: bareSpawn },
      { name: 'resident', run: resident.wake },
    ],
    close: resident.close,
  };
};
