// What the built-in skills say of themselves today: their prompts and callbacks are what a model reads and what is
// paid for, so they are asked, not recorded.
import { MessageChannel } from 'node:worker_threads';
import { defaultOperators } from '../../packages/cli/src/defaults.ts';
import { startRecorder } from '../../packages/core/src/recorder/recorder.ts';
import { connectRpc } from '../../packages/core/src/rpc.ts';
import type { SkillSpec } from '../../packages/core/src/skill.ts';
import type { SkillDescriptor, SkillHost } from '../../packages/core/src/skill-host.ts';
import { bareInit } from '../../packages/core/test/recorder/fixtures/bare-init.ts';

const ANSWER_MS = 15_000;

/** All that `nodelens/register` has. */
export async function describeSkills(): Promise<readonly SkillDescriptor[]> {
  const skills = defaultOperators().map(({ skill }) => skill as SkillSpec);
  const recorder = startRecorder({ skills, init: bareInit });
  await recorder.ready;
  const { port1, port2 } = new MessageChannel();
  recorder.connect('skills', port2);
  const { remote, close } = connectRpc<SkillHost>(port1, { peer: 'the recorder', timeoutMs: ANSWER_MS });
  const descriptors = await Promise.all(skills.map(({ id }) => remote.describe(id)));
  close();
  await recorder.stop();
  return descriptors;
}
