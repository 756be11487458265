// That the evals can fail: what the reader does hangs on sentences of the prompts and on what tools describe.
import { expect, test } from 'vitest';
import { pipelinePrompt } from '../../src/coordinator/pipeline-prompt.ts';
import { coordinatorPrompt } from '../../src/coordinator/prompt.ts';
import type { ModelRequest, ToolSpec } from '../../src/llm/model.ts';
import { operatorPrompt } from '../../src/operator/prompt.ts';
import { createSkillHost } from '../../src/skill-host.ts';
import { coordinatorRules } from './coordinator-rules.ts';
import { operatorRules } from './operator-rules.ts';
import { reader } from './reader.ts';
import { mustNotify } from './skills.ts';

const prompts = [
  operatorPrompt(createSkillHost([mustNotify]).descriptor('memory')),
  coordinatorPrompt([]),
  pipelinePrompt([]),
].map(({ system }) => system);

test.each([...operatorRules, ...coordinatorRules].map(({ says }) => says))('a prompt says %s', (sentence) => {
  expect(prompts.filter((prompt) => sentence.test(prompt))).not.toHaveLength(0);
});

const specs = (...names: string[]): ToolSpec[] =>
  names.map((name) => ({ name, description: '', inputSchema: { type: 'object', properties: {} } }));

async function nextTools(request: Pick<ModelRequest, 'system' | 'tools'>): Promise<readonly string[]> {
  const messages = [{ role: 'user' as const, text: 'Reason: a routine look' }];
  const { toolCalls } = await reader.generate(
    { messages, ...request },
    { signal: new AbortController().signal },
  );
  return toolCalls.map(({ name }) => name);
}

test('what neither prompt nor tools tell is not done', async () => {
  const [operator = ''] = prompts;
  const tools = specs('take_snapshot', 'set_state', 'done');
  expect(await nextTools({ system: operator, tools })).toEqual(['take_snapshot']);
  expect(await nextTools({ system: operator.replace('take_snapshot first', ''), tools })).toEqual([
    'set_state',
  ]);
  expect(await nextTools({ system: operator, tools: specs('set_state', 'done') })).toEqual(['set_state']);
  expect(await nextTools({ system: 'You watch memory.', tools })).toEqual(['done']);
});
