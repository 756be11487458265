// The options of what acts by itself: schedules and webhooks. What croner must read is read on the recorder thread.
import { fail } from '../errors.ts';
import type { ScheduleOptions } from '../schedule/spec.ts';
import { eventDocs } from '../telemetry/events.ts';
import { type Check, is, listOf, oneOf, shape } from './checks.ts';

const filled = is((value) => typeof value === 'string' && value !== '', 'a text that is not empty');
const LONGEST_MS = 2 ** 31;
const duration = is(
  (value) => typeof value === 'number' && value > 0 && value < LONGEST_MS,
  'a time in ms above 0',
);
const delay = is((value) => value === 0 || duration(value) === undefined, 'a time in ms from 0 on');
const someOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length === 0
      ? { path: '', reason: 'it must name at least one.' }
      : listOf(check)(value);

export const schedulesCheck: Check = listOf(
  shape(
    {
      name: filled,
      cron: filled,
      timezone: filled,
      jitterMs: delay,
      run: shape(
        {
          reason: filled,
          context: is(isPlainJson, 'an object that is plain JSON'),
          skills: someOf(filled),
          timeoutMs: duration,
        },
        { required: ['reason'] },
      ),
    },
    { required: ['name', 'cron', 'run'] },
  ),
);

const EVENTS = Object.keys(eventDocs).filter((type) => !type.startsWith('webhook.'));
const HEADER = /^[\w!#$%&'*+.^`|~-]{1,100}$/;
const ONE_LINE = /^[\t\x20-\x7e\x80-\xff]*$/;

export const webhooksCheck: Check = listOf(
  shape(
    {
      url: is(isHttpUrl, 'an http or https address without user and password'),
      events: someOf(oneOf(...EVENTS)),
      secret: is(isSecret, '"whsec_" and 24 to 64 bytes in base64'),
      minConfidence: oneOf('low', 'medium', 'high'),
      minSeverity: oneOf('warning', 'critical'),
      headers: is(areHeaders, 'an object of header names and one-line texts'),
      timeoutMs: duration,
    },
    { required: ['url'] },
  ),
);

/**
 * @param known names of operators and ids of skills.
 * @throws NodelensError `schedule_invalid` for two of one name, `operator_unknown`.
 */
export function assertSchedules(schedules: readonly ScheduleOptions[], known: readonly string[]): void {
  const names = new Set<string>();
  for (const { name, run } of schedules) {
    if (names.has(name))
      throw fail('schedule_invalid', { schedule: name, reason: 'another schedule has this name.' });
    names.add(name);
    const unknown = run.skills?.find((skill) => !known.includes(skill));
    if (unknown !== undefined)
      throw fail('operator_unknown', { operator: unknown, available: known.join(', ') || 'none' });
  }
}

function isHttpUrl(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}

function isSecret(value: unknown): boolean {
  const base64 = typeof value === 'string' ? /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(value)?.[1] : undefined;
  const bytes = base64 === undefined ? 0 : Buffer.from(base64, 'base64').length;
  return bytes >= 24 && bytes <= 64;
}

function areHeaders(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).every(
    ([name, content]) => HEADER.test(name) && typeof content === 'string' && ONE_LINE.test(content),
  );
}

function isPlainJson(value: unknown): boolean {
  try {
    return (
      typeof value === 'object' && value !== null && !Array.isArray(value) && JSON.stringify(value) !== ''
    );
  } catch {
    return false;
  }
}
