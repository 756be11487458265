import { MessageChannel } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { connectSkill, type SkillAccess } from '../../src/operator/skill-access.ts';
import { serveRpc } from '../../src/rpc.ts';
import type { Skill } from '../../src/skill.ts';
import { createSkillHost, type SkillDescriptor } from '../../src/skill-host.ts';
import { memorySkill } from './world.ts';

const quick: Skill = {
  ...memorySkill,
  callbacks: { memory_slow: { description: 'Hangs.', timeoutMs: 10, run: () => new Promise(() => {}) } },
};

/** @param isServed false: the thread of the skill never answers, as a blocked one. */
function connect(host: 'main' | 'recorder', isServed: boolean): SkillAccess {
  const { port1, port2 } = new MessageChannel();
  const skills = createSkillHost([quick], { host });
  if (isServed) serveRpc(port1, skills);
  const descriptor: SkillDescriptor = skills.descriptor('memory');
  const access = connectSkill(port2, descriptor, 250);
  onTestFinished(() => {
    access.close();
    port1.close();
  });
  return access;
}

test('a callback of a live host that takes too long fails by its own deadline', async () => {
  await expect(connect('main', true).call('memory_slow', [])).rejects.toMatchObject({
    code: 'skill_callback_timeout',
  });
});

test('a main thread that does not even answer that is told as blocked, with how long', async () => {
  const failed = expect(connect('main', false).call('memory_slow', [])).rejects;
  await failed.toMatchObject({
    code: 'skill_main_blocked',
    data: { callback: 'memory_slow', blockedMs: expect.any(Number) },
    message: expect.stringContaining('it has been blocked for 2'),
  });
});

test('the recorder that does not answer is a timeout', async () => {
  await expect(connect('recorder', false).call('memory_slow', [])).rejects.toMatchObject({
    code: 'rpc_timeout',
  });
});

test('what waits when the host goes away is rejected at once', async () => {
  const access = connect('main', false);
  const waiting = access.snapshot();
  access.close();
  await expect(waiting).rejects.toMatchObject({ code: 'rpc_peer_gone' });
});
