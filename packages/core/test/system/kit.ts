// What the system tests share: specs of fixture skills and models, and a system that is always stopped.
import { onTestFinished } from 'vitest';
import type { ModelRef } from '../../src/llm/model.ts';
import { triage } from '../../src/llm/references.ts';
import type { SkillSpec } from '../../src/skill.ts';
import type { NodelensOptions } from '../../src/system/options.ts';
import { Nodelens } from '../../src/system.ts';

export const pulse = (id = 'pulse'): SkillSpec => ({
  kind: 'skill-spec',
  id,
  module: new URL('./fixtures/pulse-skill.ts', import.meta.url).href,
  exportName: 'createPulseSkill',
  options: { id },
});

export const lethal = (how: string): ModelRef => ({
  kind: 'model-ref',
  name: 'lethal',
  module: new URL('./fixtures/lethal-model.ts', import.meta.url).href,
  exportName: 'createLethalModel',
  options: { how },
});

export async function startLens(options: NodelensOptions): Promise<Nodelens> {
  const lens = await Nodelens.start({ model: triage(), control: false, ...options });
  onTestFinished(() => lens.stop());
  return lens;
}
