// What every turn reads again before there is a word of the conversation: the prompt with no skill in it, and the tools.
import { estimatedTokens } from '@nodelens/testing';
import { expect, test } from 'vitest';
import type { CoordinatorDesk } from '../../src/coordinator/desk.ts';
import { pipelinePrompt } from '../../src/coordinator/pipeline-prompt.ts';
import { coordinatorPrompt } from '../../src/coordinator/prompt.ts';
import { coordinatorTools } from '../../src/coordinator/tools.ts';
import { operatorPrompt } from '../../src/operator/prompt.ts';
import { type OperatorDesk, operatorTools } from '../../src/operator/tools.ts';
import { createSkillHost } from '../../src/skill-host.ts';
import { mustNotify } from './skills.ts';

const operator = operatorPrompt(createSkillHost([mustNotify]).descriptor(mustNotify.id));
const ofOperator = operatorTools({ spec: {} } as unknown as OperatorDesk);
const ofCoordinator = coordinatorTools({} as unknown as CoordinatorDesk);

test.each([
  ['an operator', operator.commonSystem, ofOperator, 1_200],
  ['a coordinator', coordinatorPrompt([]).commonSystem, ofCoordinator, 1_200],
  ['the pipeline', pipelinePrompt([]).commonSystem, ofCoordinator, 1_100],
])('%s begins with at most its budget of tokens', (_, prompt, tools, budget) => {
  const specs = tools.map(({ spec: { name, description, inputSchema } }) =>
    [name, description, JSON.stringify(inputSchema)].join('\n'),
  );
  const tokens = [prompt ?? '', ...specs].map(estimatedTokens).reduce((sum, one) => sum + one, 0);
  expect(tokens).toBeGreaterThan(0);
  expect(tokens).toBeLessThanOrEqual(budget);
});
