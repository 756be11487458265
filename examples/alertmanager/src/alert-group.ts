// What Alertmanager posts (webhook version 4), checked, and read as the reason of an investigation. Pure.
import type { CoordinatorRunOptions, RunContext } from 'nodelens';
import * as v from 'valibot';

export interface Alert {
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** RFC 3339. */
  readonly startsAt: string;
}

export interface AlertGroup {
  readonly version: '4';
  readonly groupKey: string;
  /** `firing` while one of its alerts is. */
  readonly status: 'firing' | 'resolved';
  readonly commonLabels: Readonly<Record<string, string>>;
  readonly commonAnnotations: Readonly<Record<string, string>>;
  readonly alerts: readonly Alert[];
}

const texts = v.record(v.string(), v.string());
const status = v.picklist(['firing', 'resolved']);

const schema: v.GenericSchema<unknown, AlertGroup> = v.object({
  version: v.literal('4'),
  groupKey: v.string(),
  status,
  commonLabels: texts,
  commonAnnotations: texts,
  alerts: v.array(v.object({ status, labels: texts, annotations: texts, startsAt: v.string() })),
});

/** undefined when it is not what Alertmanager sends. */
export function readAlertGroup(body: string): AlertGroup | undefined {
  try {
    const parsed = v.safeParse(schema, JSON.parse(body));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

export interface Investigation {
  readonly context: RunContext;
  readonly options: CoordinatorRunOptions;
}

/** How many alerts of a group are told, and how long the reason may be. */
const TOLD = 10;
const LONGEST_REASON = 500;

/**
 * Labels and annotations are data for the model. The annotation `nodelens_skills` (`runtime, gc`) says who is to look;
 * of what it names only `known` counts, and without any all of them look.
 */
export function investigationOf(group: AlertGroup, known: readonly string[]): Investigation {
  const firing = group.alerts.filter(({ status }) => status === 'firing');
  const [first] = firing;
  const labels = { ...first?.labels, ...group.commonLabels };
  const annotations = { ...first?.annotations, ...group.commonAnnotations };
  const named = (annotations.nodelens_skills ?? '').split(',').map((name) => name.trim());
  const skills = known.filter((name) => named.includes(name));
  return {
    context: {
      reason: reasonOf(labels, annotations, firing.length),
      alerts: firing.slice(0, TOLD).map(({ labels, startsAt }) => ({ labels, startsAt })),
    },
    options: skills.length > 0 ? { skills } : {},
  };
}

function reasonOf(
  { alertname = 'an alert', severity }: Record<string, string>,
  { summary, description }: Record<string, string>,
  count: number,
): string {
  const rank = severity === undefined ? '' : ` (${severity})`;
  const others = count > 1 ? `, ${count} times` : '';
  const says = summary ?? description;
  return `Alertmanager: ${alertname}${rank} fires${others}${says === undefined ? '' : `: ${says}`}`.slice(
    0,
    LONGEST_REASON,
  );
}
