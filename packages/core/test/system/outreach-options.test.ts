import { expect, test } from 'vitest';
import { isError } from '../../src/errors.ts';
import { type NodelensOptions, validateOptions } from '../../src/system/options.ts';
import { pulse } from './kit.ts';

const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const url = 'https://example.com/hook';
const schedule = { name: 'hourly', cron: '0 * * * *', run: { reason: 'look' } };

const refusal = (options: object): unknown => {
  try {
    return validateOptions({ operators: [{ skill: pulse(), name: 'heart' }], ...options } as NodelensOptions);
  } catch (error) {
    return isError(error) ? [error.code, error.data.option, error.message] : error;
  }
};
const scheduled = (changes: object): unknown => refusal({ schedules: [{ ...schedule, ...changes }] });
const hooked = (changes: object): unknown => refusal({ webhooks: [{ url, ...changes }] });

test.for<[string, unknown, string, string]>([
  ['a schedule without a reason', scheduled({ run: {} }), 'option_invalid', 'schedules.0.run.reason'],
  ['a schedule without a name', scheduled({ name: '' }), 'option_invalid', 'schedules.0.name'],
  ['an unknown option of its run', scheduled({ run: { reason: 'x', skils: [] } }), 'option_invalid', 'skils'],
  [
    'a jitter without an end',
    scheduled({ jitterMs: Number.POSITIVE_INFINITY }),
    'option_invalid',
    'jitterMs',
  ],
  ['a jitter below zero', scheduled({ jitterMs: -1 }), 'option_invalid', 'schedules.0.jitterMs'],
  [
    'a context that is not JSON',
    scheduled({ run: { reason: 'x', context: { n: 1n } } }),
    'option_invalid',
    'context',
  ],
  ['no skill at all', scheduled({ run: { reason: 'x', skills: [] } }), 'option_invalid', 'run.skills'],
  ['two schedules of one name', refusal({ schedules: [schedule, schedule] }), 'schedule_invalid', 'hourly'],
  [
    'a skill that nobody has',
    scheduled({ run: { reason: 'x', skills: ['gc'] } }),
    'operator_unknown',
    'heart, pulse',
  ],
  [
    'an address of another protocol',
    hooked({ url: 'ftp://example.com' }),
    'option_invalid',
    'webhooks.0.url',
  ],
  [
    'an address with a password',
    hooked({ url: 'https://a:b@example.com' }),
    'option_invalid',
    'webhooks.0.url',
  ],
  [
    'an event that does not exist',
    hooked({ events: ['insight.made'] }),
    'option_invalid',
    'webhooks.0.events.0',
  ],
  ['no event at all', hooked({ events: [] }), 'option_invalid', 'webhooks.0.events'],
  ['an event of webhooks', hooked({ events: ['webhook.failed'] }), 'option_invalid', 'webhooks.0.events.0'],
  ['a secret that is too short', hooked({ secret: 'whsec_c2hvcnQ=' }), 'option_invalid', '24 to 64 bytes'],
  ['a secret of another kind', hooked({ secret: 'hunter2' }), 'option_invalid', 'whsec_'],
  ['a header of two lines', hooked({ headers: { a: 'b\nc' } }), 'option_invalid', 'webhooks.0.headers'],
  ['a header with a blank in its name', hooked({ headers: { 'a b': 'c' } }), 'option_invalid', 'headers'],
  ['a confidence that does not exist', hooked({ minConfidence: 'sure' }), 'option_invalid', 'minConfidence'],
  ['a severity that is none of incidents', hooked({ minSeverity: 'info' }), 'option_invalid', 'minSeverity'],
])('%s is refused', ([, refused, code, said]) => {
  expect(refused).toEqual([code, Array.isArray(refused) ? refused[1] : '', expect.stringContaining(said)]);
  expect(JSON.stringify(refused)).not.toMatch(/hunter2|c2hvcnQ/);
});

test('an operator that has the name of its skill is told once among those that there are', () => {
  const options = {
    operators: [{ skill: pulse() }],
    schedules: [{ ...schedule, run: { reason: 'x', skills: ['gc'] } }],
  };
  expect(refusal(options)).toContain('No operator named "gc" is configured. Configured: pulse.');
});

test('what is complete is taken', () => {
  const options = {
    schedules: [
      { ...schedule, timezone: 'UTC', jitterMs: 5, run: { reason: 'x', skills: ['heart', 'pulse'] } },
    ],
    webhooks: [
      { url, secret, events: ['budget.exceeded'], headers: { authorization: 'Bearer x' }, timeoutMs: 1 },
    ],
  };
  expect(refusal(options)).toMatchObject(options);
});
