// Plain checks of the options of a start. A schema library would be the largest module that attaching loads on main
// (5 to 7 ms before the app's first line), and it does not say what to write instead.
import { fail } from '../errors.ts';

/** What is wrong, and where: `operators.0.mode`, empty for the value itself. */
export interface Complaint {
  readonly path: string;
  readonly reason: string;
}

/** undefined when the value is fine. */
export type Check = (value: unknown) => Complaint | undefined;

/** @param expected completes "it must be …" */
export const is =
  (test: (value: unknown) => boolean, expected: string): Check =>
  (value) =>
    test(value) ? undefined : { path: '', reason: `it must be ${expected}.` };

export const text: Check = is((value) => typeof value === 'string', 'a text');
export const flag: Check = is((value) => typeof value === 'boolean', 'true or false');
export const callable: Check = is((value) => typeof value === 'function', 'a function');

export const oneOf = (...allowed: readonly unknown[]): Check =>
  is((value) => allowed.includes(value), allowed.map((value) => JSON.stringify(value)).join(' or '));

/** A number from `min` on, infinity included. */
export const numberFrom = (min: number): Check =>
  is((value) => typeof value === 'number' && value >= min, `a number from ${min} on`);

export const wholeNumber = (min: number, max: number = Number.POSITIVE_INFINITY): Check =>
  is(
    (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
    `a whole number from ${min} ${Number.isFinite(max) ? `to ${max}` : 'on'}`,
  );

export interface ShapeRules {
  readonly required?: readonly string[];
  /** For whoever gives something else: a name, or a factory that was not called. */
  readonly example?: string;
  /** Whether it may have other fields too; default false. */
  readonly isOpen?: boolean;
}

/** An object whose fields pass their checks; a field that is undefined counts as left out. */
export function shape(
  checks: Readonly<Record<string, Check>>,
  { required = [], example, isOpen = false }: ShapeRules = {},
): Check {
  const like = example === undefined ? '' : `: write ${example}`;
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return { path: '', reason: `it must be an object${like}.` };
    const fields = value as Readonly<Record<string, unknown>>;
    const missing = required.find((key) => fields[key] === undefined);
    if (missing !== undefined) return { path: missing, reason: `it is missing${like}.` };
    const unknown = Object.keys(fields).find((key) => !Object.hasOwn(checks, key));
    if (unknown !== undefined && !isOpen)
      return { path: unknown, reason: `there is no such option; known: ${Object.keys(checks).join(', ')}.` };
    return firstOf(
      Object.entries(checks)
        .filter(([key]) => fields[key] !== undefined)
        .map(([key, check]) => below(key, check(fields[key]))),
    );
  };
}

/** An array whose items pass. */
export const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value)
      ? firstOf(value.map((item, index) => below(`${index}`, check(item))))
      : { path: '', reason: 'it must be a list.' };

/** An object whose values pass, whatever their keys. */
export const mapOf =
  (check: Check): Check =>
  (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? firstOf(Object.entries(value).map(([key, item]) => below(key, check(item))))
      : { path: '', reason: 'it must be an object.' };

/**
 * @param name what the value itself is called
 * @throws NodelensError `option_invalid` with the path of what is wrong
 */
export function assertPasses(check: Check, value: unknown, name: string): void {
  const complaint = check(value);
  if (complaint === undefined) return;
  throw fail('option_invalid', { option: complaint.path || name, reason: complaint.reason });
}

const firstOf = (complaints: readonly (Complaint | undefined)[]): Complaint | undefined =>
  complaints.find((complaint) => complaint !== undefined);

const below = (key: string, complaint: Complaint | undefined): Complaint | undefined =>
  complaint && { ...complaint, path: complaint.path === '' ? key : `${key}.${complaint.path}` };
