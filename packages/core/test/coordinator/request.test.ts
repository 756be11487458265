import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/json.ts';
import { calls, lastResults, scripted } from '../operator/scripted.ts';
import { createLab, type Lab, skillNamed } from './lab.ts';
import { invoke } from './scripts.ts';

describe('the options of a run', () => {
  const idle = (): Promise<Lab> => createLab({ coordinator: scripted([]), operators: scripted([]) });

  test.each<[string, JsonObject, string, RegExp]>([
    ['an unknown skill', { skills: ['runtime', 'redis'] }, 'operator_unknown', /"redis".*runtime, gc/],
    ['no skills at all', { skills: [] }, 'option_invalid', /"skills"/],
    ['an empty reason', { reason: '' }, 'option_invalid', /"reason"/],
    ['an unknown option', { retries: 3 }, 'option_invalid', /"retries"/],
    ['a deadline in the past', { timeoutMs: 0 }, 'option_invalid', /"timeoutMs"/],
    ['a deadline that no timer can keep', { timeoutMs: 2 ** 31 }, 'option_invalid', /"timeoutMs".*a day/],
    ['half an iteration', { maxIterations: 0.5 }, 'option_invalid', /"maxIterations"/],
    ['a malformed id', { id: 'mine' }, 'option_invalid', /"id".*16 hex/],
  ])('with %s are rejected', async (_, options, code, message) => {
    const { run } = await idle();
    await expect(run(options)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('limit which operators are available, and set the id and the iterations', async () => {
    const model = scripted([calls(invoke('gc')), calls(['think', { thought: 'hm' }])]);
    const lab = await createLab({ coordinator: model, operators: scripted([]) });
    const result = await lab.run({ skills: ['runtime'], id: 'abcdefabcdef0123', maxIterations: 2 });
    expect(result).toMatchObject({
      id: 'abcdefabcdef0123',
      status: 'budget_exceeded',
      error: { code: 'run_iterations_exceeded', data: { maxIterations: 2 } },
    });
    expect(model.requests[0]?.system).toContain('- runtime: All about runtime');
    expect(model.requests[0]?.system).not.toContain('- gc:');
    expect(lastResults(model.requests[1] ?? expect.fail())).toMatchObject([{ isError: true }]);
  });

  test('two operators of one name are refused at the start', async () => {
    await expect(
      createLab({
        coordinator: scripted([]),
        operators: scripted([]),
        skills: [skillNamed('gc')],
        twice: true,
      }),
    ).rejects.toMatchObject({
      message: expect.stringContaining('Two operators share the name "gc"'),
    });
  });
});
