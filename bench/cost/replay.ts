// The skills of the month as a skill host: snapshots come from the month, callbacks answer what was recorded, checks
// and conclusions are the built-in skills' own.
import { fail, type JsonObject, type JsonValue } from '@nodelens/core';
import { builtinChecks } from '@nodelens/skills-builtin/checks';
import { defineSkill, type Skill } from '../../packages/core/src/skill.ts';
import type { SkillDescriptor, SkillHost } from '../../packages/core/src/skill-host.ts';
import { concludeCheck, runChecks } from '../../packages/core/src/skill-work.ts';
import type { Month } from './month.ts';
import type { RecordedCall } from './recording.ts';

/** @param now ms of the month's clock */
export function replaySkills(
  descriptors: readonly SkillDescriptor[],
  month: Month,
  now: () => number,
): SkillHost {
  const skills = new Map(descriptors.map((descriptor) => [descriptor.id, skillOf(descriptor)]));
  const find = (id: string): Skill => {
    const skill = skills.get(id);
    if (skill === undefined)
      throw fail('skill_unknown', { skill: id, available: [...skills.keys()].join(', ') });
    return skill;
  };
  const asItIs = async (): Promise<never> => {
    throw fail('skill_invalid', { skill: '', reason: 'a recording is not replaced.' });
  };
  return {
    load: asItIs,
    replace: asItIs,
    describe: async (id) => descriptors.find((descriptor) => descriptor.id === id) ?? asItIs(),
    snapshot: async (id) => month.snapshot(id, now()),
    call: async (id, callback, args) => answerOf(month.calls(now()), { skill: id, callback, args }),
    check: async (id, data, history) => runChecks({ skill: find(id), limitations: new Set() }, data, history),
    conclude: async (id, checkId, evidence, finding) =>
      concludeCheck(find(id), checkId, { evidence, finding }),
  };
}

const skillOf = ({ id, title, description, systemPrompt }: SkillDescriptor): Skill =>
  defineSkill({
    id,
    title,
    description,
    systemPrompt,
    snapshot: (): JsonObject => ({}),
    callbacks: {},
    checks: builtinChecks[id] ?? [],
  });

/** What it said to these arguments; else to any. */
function answerOf(
  calls: readonly RecordedCall[],
  { skill, callback, args }: Pick<RecordedCall, 'skill' | 'callback' | 'args'>,
): JsonValue {
  const same = calls.filter((call) => call.skill === skill && call.callback === callback);
  const wanted = JSON.stringify(args);
  const call = same.find((one) => JSON.stringify(one.args) === wanted) ?? same[0];
  if (call === undefined || 'error' in call)
    throw fail('skill_callback_failed', { callback, reason: call?.error ?? 'not recorded' });
  return call.value;
}
