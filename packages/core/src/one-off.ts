// One operator run with nothing started before: attaches for the length of the run, and leaves nothing behind.

import type { ModelInput } from './llm/model.ts';
import type { OperatorRunResult } from './operator/spec.ts';
import type { SkillInput } from './skill.ts';
import type { RunContext, RunOptions } from './system/run-options.ts';
import { Nodelens } from './system.ts';

export interface OneOffOptions extends RunOptions {
  /** Default: `anthropic()` if ANTHROPIC_API_KEY is set, else `triage()`. Ignored by a system that runs already. */
  readonly model?: ModelInput;
}

export interface OneOff {
  /**
   * Runs an operator with `skill` once, on a worker thread. Uses the running system where there is one.
   * @throws NodelensError `option_invalid`, `skill_*`, `memory_short`, `recorder_unavailable`.
   */
  run(skill: SkillInput, context: RunContext, options?: OneOffOptions): Promise<OperatorRunResult>;
}

export const operator: OneOff = {
  async run(skill, context, { model, ...options } = {}) {
    const running = Nodelens.current;
    if (running !== undefined) return running.operator.run(skill, context, options);
    const lens = await Nodelens.start({ ...(model && { model }), operators: [{ skill }], control: false });
    try {
      return await lens.operator.run(skill.id, context, options);
    } finally {
      await lens.stop();
    }
  },
};
