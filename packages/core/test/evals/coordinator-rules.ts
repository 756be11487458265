// The sentences of the coordinator's prompts that matter for what it does next, in the order in which they are followed.
import type { JsonObject } from '../../src/json.ts';
import { type Call, call, type Rule, type View } from './rule.ts';

interface Row {
  readonly id: string;
  readonly operator: string;
  readonly severity: string;
  readonly observation: string;
  readonly hypothesis?: string;
  readonly status: 'unread' | 'acknowledged' | 'resolved';
}

/** As they were listed, with what was done about them since. */
function rows(view: View): readonly Row[] {
  const listed = new Map<string, Row>();
  for (const { call: asked, content } of view.answered) {
    if (asked.name === 'get_notifications')
      for (const row of content as unknown as readonly Row[])
        listed.set(row.id, { ...listed.get(row.id), ...row });
    const ids = (asked.arguments.notification_ids ?? []) as readonly string[];
    const status = asked.name === 'produce_insight' ? 'resolved' : asked.arguments.status;
    for (const id of ids) {
      const row = listed.get(id);
      if (row !== undefined) listed.set(id, { ...row, status: status as Row['status'] });
    }
  }
  return [...listed.values()];
}

const withStatus = (view: View, status: Row['status']): readonly Row[] =>
  rows(view).filter((row) => row.status === status && row.severity !== 'info');
/** Reported for information only. */
const minor = (view: View): readonly Row[] =>
  rows(view).filter(({ status, severity }) => status !== 'resolved' && severity === 'info');
const isTrend = ({ observation }: Row): boolean => /slow(ly)? .*(grow|trend)|trend/i.test(observation);

const EVERYWHERE = new Set('what which with from this that process check much running used there'.split(' '));

/** Stems of three letters: enough to tell `logging` from `memory`. */
const stems = (text: string): ReadonlySet<string> =>
  new Set(
    (text.toLowerCase().match(/[a-z]{4,}|vm/g) ?? [])
      .filter((word) => !EVERYWHERE.has(word))
      .map((word) => word.slice(0, 3)),
  );

/** Operators of the prompt's list that the reason speaks of; all when it speaks of none. */
function fitting({ system, opening }: View): readonly string[] {
  const list = system.slice(system.indexOf('# Operators that you can invoke'));
  const known = [...list.matchAll(/^- ([\w-]+): (.*)$/gm)].map(([, name = '', about = '']) => ({
    name,
    about,
  }));
  const wanted = stems(/^Reason: (.*)$/m.exec(opening)?.[1] ?? '');
  const meant = known.filter(({ name, about }) =>
    [...stems(`${name} ${about}`)].some((stem) => wanted.has(stem)),
  );
  return (meant.length > 0 ? meant : known).map(({ name }) => name);
}

const isAsked = (view: View): boolean => view.of('invoke_operators').length > 0;

const invite = (view: View): readonly Call[] => {
  const operators = fitting(view);
  return isAsked(view) || operators.length === 0 ? [] : [call('invoke_operators', { operators })];
};

function running({ answered }: View): readonly string[] {
  const told = answered.findLast(
    ({ content }) =>
      Array.isArray((content as JsonObject)?.running) || Array.isArray((content as JsonObject)?.started),
  )?.content as { readonly running?: readonly string[]; readonly started?: readonly string[] } | undefined;
  return told?.running ?? told?.started ?? [];
}

function insight(view: View): JsonObject {
  const used = withStatus(view, 'acknowledged');
  const guesses = used.filter(({ hypothesis }) => hypothesis !== undefined);
  const independent = new Set(guesses.map(({ operator }) => operator)).size >= 2;
  // Without the rule a guess looks as good as a proof.
  const isGrounded = view.says(/only if operators of different skills support/)
    ? independent
    : guesses.length > 0;
  return {
    notification_ids: used.map(({ id }) => id),
    correlation_type: used.length > 1 ? 'symptomatic' : 'temporal',
    summary: used.map(({ observation }) => observation).join(' '),
    matched_observations: used.map(({ observation }) =>
      view.says(/matched_observations are verbatim/)
        ? observation
        : `I saw that ${observation.toLowerCase()}`,
    ),
    hypothesis_grounded: isGrounded,
    ...(guesses[0] && { root_cause_hypothesis: guesses.map(({ hypothesis }) => hypothesis).join(' ') }),
    confidence: independent ? 'high' : 'medium',
  };
}

const update = (found: readonly Row[], status: Row['status']): readonly Call[] =>
  found.length === 0
    ? []
    : [call('update_notification_statuses', { notification_ids: found.map(({ id }) => id), status })];

export const coordinatorRules: readonly Rule[] = [
  { says: /One call of invoke_operators with those that the reason needs/, asks: invite },
  {
    says: /get_notifications first/,
    asks: (view) => (view.of('get_notifications').length === 0 ? [call('get_notifications')] : []),
  },
  {
    says: /invoke_operators that fit the reason before you conclude/,
    asks: (view) => (rows(view).length === 0 ? invite(view) : []),
  },
  {
    says: /wait returns as soon as there is news/,
    asks: (view) =>
      running(view).length > 0 ? [call('wait', { ms: 30_000 }), call('get_notifications')] : [],
  },
  {
    says: /schedule in its place when a slow trend deserves another look/,
    asks: (view) =>
      minor(view).some(isTrend) ? [call('schedule', { ms: 600_000, reason: 'a slow trend' })] : [],
  },
  {
    says: /Dismiss what is not worth an insight with update_notification_statuses/,
    asks: (view) => update(minor(view), 'resolved'),
  },
  {
    says: /acknowledged: you are looking at it/,
    asks: (view) => update(withStatus(view, 'unread'), 'acknowledged'),
  },
  {
    says: /produce_insight: summary holds observations only/,
    asks: (view) =>
      withStatus(view, 'acknowledged').length > 0 ? [call('produce_insight', insight(view))] : [],
  },
];
