// What main serves to other threads: the user's own skills and a live model object. Both need main's event loop, so
// whoever calls them has a deadline.
import type { MessagePort } from 'node:worker_threads';
import type { Connect, ServiceName } from '../actor/hosts/services.ts';
import { serveModel } from '../llm/remote-model.ts';
import { serveRpc } from '../rpc.ts';
import { createSkillHost, type LocalSkillHost } from '../skill-host.ts';
import type { Planned } from './plan-operators.ts';

export interface MainServices {
  /** The host of the skills that live on main. */
  readonly skills: LocalSkillHost;
  readonly connect: Connect;
  close(): void;
}

/** @throws NodelensError `skill_*` */
export function createMainServices({ mainSkills, liveModel }: Planned): MainServices {
  const skills = createSkillHost(mainSkills, { host: 'main' });
  const open = new Set<() => void>();
  const serve = (service: ServiceName, port: MessagePort): (() => void) | undefined => {
    if (service === 'main-skills') return serveRpc(port, skills);
    if (service === 'main-model' && liveModel !== undefined) return serveModel(port, liveModel);
    return undefined;
  };
  return {
    skills,
    connect(service, port) {
      const undo = serve(service, port);
      if (undo === undefined) return port.close();
      // An idle connection must not keep the user's process alive.
      port.unref();
      open.add(undo);
      port.once('close', () => open.delete(undo));
    },
    close() {
      for (const undo of [...open]) undo();
      open.clear();
    },
  };
}
