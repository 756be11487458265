// Main's way to skills, wherever they live: its own host for the user's skills, and the recorder's over RPC. Both are
// loaded when they are needed, which the start of a system without skills on main is not.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import type { Connect } from '../actor/hosts/services.ts';
import type { RpcClient } from '../rpc.ts';
import { isSkillSpec, type SkillInput, type SkillSpec } from '../skill.ts';
import type { SkillDescriptor, SkillHost } from '../skill-host.ts';
import { workerUrl } from '../worker-url.ts';
import type { MainServices } from './main-services.ts';
import type { Planned } from './plan-operators.ts';

/** Loading a skill may import modules on the recorder thread. */
const DESCRIBE_TIMEOUT_MS = 10_000;

export interface SkillAccess {
  /** @throws NodelensError `skill_unknown` */
  readonly describe: (skillId: string) => Promise<SkillDescriptor>;
  /** Makes a skill available that is not yet; resolves with its description. */
  readonly load: (skill: SkillInput) => Promise<SkillDescriptor>;
  /**
   * Puts a new version in the place of the skill with that id, on the thread where it lives.
   * @throws NodelensError `skill_*`; the old version goes on.
   */
  readonly replace: (next: SkillInput, old: SkillInput) => Promise<void>;
  readonly mainDescriptors: () => readonly SkillDescriptor[];
  /** Serves what only main can: 'main-skills' and 'main-model'. */
  readonly connect: Connect;
  close(): void;
}

/** What of the recorder is needed here; functions without a `this`. */
export interface RecorderAccess {
  readonly connect: Connect;
  readonly startProbe: (skill: SkillSpec) => void;
  readonly settleProbes: (skill: SkillSpec) => void;
}

/** @throws NodelensError `skill_*` for a skill on main that is not valid. */
export function createSkillAccess(planned: Planned, recorderThread: RecorderAccess): SkillAccess {
  let main = planned.mainSkills.length > 0 ? mainServicesNow(planned) : undefined;
  let loading: Promise<MainServices> | undefined;
  let client: Promise<RpcClient<SkillHost>> | undefined;
  const onMain = (): Promise<MainServices> => {
    loading ??= main === undefined ? mainServices(planned) : Promise.resolve(main);
    return loading.then((loaded) => {
      main = loaded;
      return loaded;
    });
  };
  const recorder = (): Promise<RpcClient<SkillHost>> => {
    client ??= connectRecorderSkills(recorderThread.connect, () => {
      client = undefined;
    });
    return client;
  };
  return {
    async describe(skillId) {
      if (main?.skills.has(skillId)) return main.skills.describe(skillId);
      return (await recorder()).remote.describe(skillId);
    },
    async load(skill) {
      if (isSkillSpec(skill)) {
        recorderThread.startProbe(skill);
        return (await recorder()).remote.load(skill);
      }
      const { skills } = await onMain();
      if (!skills.has(skill.id)) skills.add(skill);
      return skills.describe(skill.id);
    },
    async replace(next, old) {
      if (!isSkillSpec(next)) {
        (await onMain()).skills.swap(next);
        return;
      }
      recorderThread.startProbe(next);
      try {
        await (await recorder()).remote.replace(next);
        recorderThread.settleProbes(next);
      } catch (error) {
        if (isSkillSpec(old)) recorderThread.settleProbes(old);
        throw error;
      }
    },
    mainDescriptors: () => planned.mainSkills.flatMap(({ id }) => main?.skills.descriptor(id) ?? []),
    connect: (service, port) => void onMain().then((services) => services.connect(service, port)),
    close() {
      void client?.then(({ close }) => close());
      if (loading === undefined) main?.close();
      else void loading.then((services) => services.close());
    },
  };
}

const mainServices = async (planned: Planned): Promise<MainServices> =>
  (await import('./main-services.ts')).createMainServices(planned);

/** Skills on main are checked and described by a start that is synchronous: so is their loading. */
function mainServicesNow(planned: Planned): MainServices {
  const file = fileURLToPath(workerUrl('./main-services', import.meta.url));
  const { createMainServices } = createRequire(import.meta.url)(file) as typeof import('./main-services.ts');
  return createMainServices(planned);
}

/** @param onGone the recorder has died; the next call connects to its successor. */
async function connectRecorderSkills(connect: Connect, onGone: () => void): Promise<RpcClient<SkillHost>> {
  const { connectRpc } = await import('../rpc.ts');
  const { port1, port2 } = new MessageChannel();
  connect('skills', port2);
  const client = connectRpc<SkillHost>(port1, { peer: 'the recorder', timeoutMs: DESCRIBE_TIMEOUT_MS });
  // comlink starts the port by listening, which refs it: an idle connection must not keep the process alive.
  port1.unref();
  port1.once('close', onGone);
  return client;
}
