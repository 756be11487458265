// What main serves to other threads: the user's own skills and a live model object. Both need main's event loop, so
// whoever calls them has a deadline.
import type { MessagePort } from 'node:worker_threads';
import type { Connect, ServiceName } from '../actor/services.ts';
import type { Model } from '../llm/model.ts';
import { serveModel } from '../llm/remote-model.ts';
import { serveRpc } from '../rpc.ts';
import type { SkillHost } from '../skill-host.ts';

export interface MainServices {
  readonly connect: Connect;
  close(): void;
}

export function createMainServices(skills: SkillHost, liveModel: Model | undefined): MainServices {
  const open = new Set<() => void>();
  const serve = (service: ServiceName, port: MessagePort): (() => void) | undefined => {
    if (service === 'main-skills') return serveRpc(port, skills);
    if (service === 'main-model' && liveModel !== undefined) return serveModel(port, liveModel);
    return undefined;
  };
  return {
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
