// Ready-made schemas say what would be made of the parameters.
import { expect, test } from 'vitest';
import { inputSchemaOf } from '../../src/agent/tool.ts';
import { toolSchemas } from '../../src/operator/tool-schemas.ts';
import { type OperatorDesk, operatorTools } from '../../src/operator/tools.ts';

const tools = operatorTools({ spec: {} } as unknown as OperatorDesk);

test.each(tools.map((tool) => [tool.name, tool] as const))(
  'the schema of %s is that of its parameters',
  (_, tool) => {
    expect(tool.spec.inputSchema).toEqual(inputSchemaOf(tool.params));
  },
);

test('there is one for each tool, and no other', () => {
  expect(Object.keys(toolSchemas)).toEqual(tools.map(({ name }) => name));
});
