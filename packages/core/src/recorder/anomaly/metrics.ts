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
}

interface Rule {
  readonly name: RegExp;
  readonly nature: Nature;
}

/** Of a time span or an amount of memory less is never a fault, unless it is what is left. */
const LEFT = /(?:free|available|left|remaining|headroom|until)/i;

/** By the units that field names end in. The floors are a judgement: 3.5 of them are what an on-call person looks at. */
const RULES: readonly Rule[] = [
  { name: /PerSecond$/, nature: { direction: 'both', floor: 0.1 } },
  { name: /PerMinute$/, nature: { direction: 'both', floor: 1 } },
  { name: /Ms$/, nature: { direction: 'up', floor: 2 } },
  { name: /Seconds?$/, nature: { direction: 'up', floor: 1 } },
  { name: /Minutes?$/, nature: { direction: 'up', floor: 1 } },
  { name: /Mb$/, nature: { direction: 'up', floor: 2 } },
  { name: /(?:Kb|Bytes)$/, nature: { direction: 'up', floor: 1_024 } },
  { name: /Percent$/, nature: { direction: 'both', floor: 1 } },
  { name: /(?:Utilization|Ratio|Share|Rate)$/, nature: { direction: 'both', floor: 0.01 } },
];
const OTHER: Nature = { direction: 'both', floor: 0 };

/** `eventLoopUtilization10s` is one of `eventLoopUtilization`: the window at the end is not the unit. */
const WINDOW = /\d+(?:s|m|h)$/;

export function natureOf(metric: string): Nature {
  const name = metric.replace(WINDOW, '');
  const nature = RULES.find((rule) => rule.name.test(name))?.nature ?? OTHER;
  return nature.direction === 'up' && LEFT.test(name) ? { ...nature, direction: 'down' } : nature;
}
