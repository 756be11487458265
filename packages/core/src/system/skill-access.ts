// Main's way to skills, wherever they live: its own host for the user's skills, and the recorder's over RPC.
import { MessageChannel } from 'node:worker_threads';
import type { Connect } from '../actor/services.ts';
import { connectRpc, type RpcClient } from '../rpc.ts';
import { isSkillSpec, type SkillInput } from '../skill.ts';
import { createSkillHost, type SkillDescriptor, type SkillHost } from '../skill-host.ts';
import { createMainServices, type MainServices } from './main-services.ts';
import type { Planned } from './plan-operators.ts';

/** Loading a skill may import modules on the recorder thread. */
const DESCRIBE_TIMEOUT_MS = 10_000;

export interface SkillAccess {
  /** @throws NodelensError `skill_unknown` */
  readonly describe: (skillId: string) => Promise<SkillDescriptor>;
  /** Makes a skill available that is not yet; resolves with its description. */
  readonly load: (skill: SkillInput) => Promise<SkillDescriptor>;
  readonly mainDescriptors: () => readonly SkillDescriptor[];
  readonly mainServices: MainServices;
  close(): void;
}

export function createSkillAccess(planned: Planned, connectRecorder: Connect): SkillAccess {
  const main = createSkillHost(planned.mainSkills, { host: 'main' });
  const mainServices = createMainServices(main, planned.liveModel);
  let client: RpcClient<SkillHost> | undefined;
  const recorder = (): SkillHost => {
    client ??= connectRecorderSkills(connectRecorder, () => {
      client = undefined;
    });
    return client.remote;
  };
  const isMain = (skillId: string): boolean => main.has(skillId);
  return {
    describe: (skillId) => (isMain(skillId) ? main : recorder()).describe(skillId),
    load: async (skill) => {
      if (isSkillSpec(skill)) return recorder().load(skill);
      if (!isMain(skill.id)) main.add(skill);
      return main.describe(skill.id);
    },
    mainDescriptors: () => planned.mainSkills.map((skill) => main.descriptor(skill.id)),
    mainServices,
    close() {
      client?.close();
      mainServices.close();
    },
  };
}

/** @param onGone the recorder has died; the next call connects to its successor. */
function connectRecorderSkills(connect: Connect, onGone: () => void): RpcClient<SkillHost> {
  const { port1, port2 } = new MessageChannel();
  connect('skills', port2);
  const client = connectRpc<SkillHost>(port1, { peer: 'the recorder', timeoutMs: DESCRIBE_TIMEOUT_MS });
  // comlink starts the port by listening, which refs it: an idle connection must not keep the process alive.
  port1.unref();
  port1.once('close', onGone);
  return client;
}
