// The options of a model as its reference carries them: known names, the right types, nothing undefined.
import { fail } from '../errors.ts';
import type { JsonObject } from '../json.ts';

type OptionType = 'string' | 'number' | 'object';

export type OptionTypes<Options> = Readonly<Record<keyof Options, OptionType>>;

const EXPECTED: Readonly<Record<OptionType, string>> = {
  string: 'it must be a text that is not empty.',
  number: 'it must be a whole number from 0.',
  object: 'it must be an object of JSON.',
};

/**
 * Those that are given.
 * @param factory its name, for the errors.
 * @throws NodelensError `option_invalid`
 */
export function checkOptions<Options extends object>(
  factory: string,
  options: Options,
  types: OptionTypes<Options>,
  required: readonly (keyof Options & string)[] = [],
): JsonObject {
  if (typeof options !== 'object' || options === null)
    throw fail('option_invalid', {
      option: 'options',
      reason: `${factory}() takes an object with ${Object.keys(types).join(', ')}.`,
    });
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const names = given.map(([option]) => option);
  for (const option of required)
    if (!names.includes(option))
      throw fail('option_invalid', { option, reason: `${factory}() needs it: ${EXPECTED[types[option]]}` });
  for (const [option, value] of given) {
    const type = (types as Readonly<Record<string, OptionType>>)[option];
    if (type === undefined)
      throw fail('option_invalid', {
        option,
        reason: `${factory}() knows ${Object.keys(types).join(', ')}.`,
      });
    if (!isOf(type, value)) throw fail('option_invalid', { option, reason: EXPECTED[type] });
  }
  return JSON.parse(JSON.stringify(Object.fromEntries(given))) as JsonObject;
}

function isOf(type: OptionType, value: unknown): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string' && value !== '';
    case 'number':
      return Number.isInteger(value) && Number(value) >= 0;
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    default:
      return type satisfies never;
  }
}
