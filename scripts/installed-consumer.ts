// What a consumer writes, checked by .ci/run against the declarations of the installed packages; never run.
import { defineSkill } from '@nodelens/core';
import { startService } from '@nodelens/testing';
import {
  collections,
  defineConfig,
  gc,
  type InvestigationResult,
  isError,
  Nodelens,
  runtime,
} from 'nodelens';

const queue = defineSkill({
  id: 'queue',
  title: 'Queue',
  description: 'Depth',
  systemPrompt: 'Watch.',
  snapshot: () => ({ depth: 1 }),
  callbacks: {},
});
export const config = defineConfig({
  operators: [
    { skill: runtime(), mode: 'continuous' },
    { skill: gc() },
    { skill: collections() },
    { skill: queue },
  ],
});
export async function ask(): Promise<InvestigationResult> {
  const lens = await Nodelens.start(config);
  try {
    return await lens.coordinator.run({ reason: 'memory alert' }, { skills: ['runtime'], timeoutMs: 1000 });
  } catch (error) {
    if (isError(error, 'lens_stopped')) console.log(error.data);
    throw error;
  } finally {
    await lens.stop();
  }
}
export const start: typeof startService = startService;
// @ts-expect-error an unknown mode is refused
defineConfig({ operators: [{ skill: gc(), mode: 'sometimes' }] });
