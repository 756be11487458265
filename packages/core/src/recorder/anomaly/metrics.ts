// The metrics in a snapshot: its numbers, by path. What is no number is no metric.
import type { JsonObject, JsonValue } from '../../json.ts';
import type { Skill } from '../../skill.ts';

/** Beyond this many a snapshot has keys of the app's making (a field for each route), which are no metrics. */
const MAX_METRICS = 128;
const MAX_DEPTH = 4;

/** Numeric fields by name, nested ones with dots between; lists are left out, because their places mean nothing. */
export function metricsOf(data: JsonObject, kinds: Skill['metrics'] = {}): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  collect(data, '', { found, depth: 0 });
  for (const field in kinds) if (kinds[field] === 'none') found.delete(field);
  return found;
}

function collect(
  value: JsonValue | undefined,
  path: string,
  { found, depth }: { readonly found: Map<string, number>; readonly depth: number },
): void {
  if (typeof value === 'number') {
    if (Number.isFinite(value) && found.size < MAX_METRICS) found.set(path, value);
    return;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth >= MAX_DEPTH) return;
  const fields = value as JsonObject;
  for (const key in fields)
    collect(fields[key], path === '' ? key : `${path}.${key}`, { found, depth: depth + 1 });
}

/** What is told of a counter. */
export const rateName = (metric: string): string => `${metric}PerSecond`;

/** What a metric's name says about it. */
export interface Nature {
  /** Which way off is of interest. */
  readonly direction: 'both' | 'up' | 'down';
  /** Smallest standard deviation that is taken for one, in the metric's unit: below it is nobody's concern. */
  readonly floor: number;
  /** So long a single burst is seen in it; 0 when it is of a moment. */
  readonly windowMs: number;
}

interface Rule extends Pick<Nature, 'direction' | 'floor'> {
  readonly name: RegExp;
}

/** Of a time span or an amount of memory less is never a fault, unless it is what is left. */
const LEFT = /(?:free|available|left|remaining|headroom|until)/i;

/** By the units that field names end in. The floors are a judgement: 3.5 of them are what an on-call person looks at. */
const RULES: readonly Rule[] = [
  { name: /PerSecond$/, direction: 'both', floor: 0.1 },
  { name: /PerMinute$/, direction: 'both', floor: 1 },
  { name: /Ms$/, direction: 'up', floor: 2 },
  { name: /Seconds?$/, direction: 'up', floor: 1 },
  { name: /Minutes?$/, direction: 'up', floor: 1 },
  { name: /Mb$/, direction: 'up', floor: 2 },
  { name: /(?:Kb|Bytes)$/, direction: 'up', floor: 1_024 },
  { name: /Percent$/, direction: 'both', floor: 1 },
  { name: /(?:Utilization|Ratio|Share|Rate)$/, direction: 'both', floor: 0.01 },
];
const OTHER: Omit<Rule, 'name'> = { direction: 'both', floor: 0 };

/** `eventLoopUtilization10s`, `longestPause1mMs`: what happened within that time. */
const WINDOW = /(\d+)([smh])(?=[A-Z]|$)/;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

export function natureOf(metric: string): Nature {
  const [window = '', count = 0, unit = ''] = WINDOW.exec(metric) ?? [];
  const name = metric.endsWith(window) ? metric.slice(0, metric.length - window.length) : metric;
  const { direction, floor } = RULES.find((rule) => rule.name.test(name)) ?? OTHER;
  return {
    direction: direction === 'up' && LEFT.test(name) ? 'down' : direction,
    floor,
    windowMs: Number(count) * (UNIT_MS[unit] ?? 0),
  };
}
