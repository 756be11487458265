// Triage as the coordinator: invoke the operators that the reason calls for, wait for them, ask the others when no
// culprit is named, correlate what was reported, done. One decision per call, from briefing and transcript.
import type { Transcript } from '../../agent/transcript.ts';
import { asJson, type JsonObject } from '../../json.ts';
import type { CoordinatorBriefing } from '../briefing.ts';
import { causesOf, type Explains } from './causes.ts';
import { correlate, namesCulprit } from './correlate.ts';
import { evidenceOf, isObject } from './evidence.ts';
import { factsOf } from './facts.ts';
import { draftInsight, type InsightDraft, withoutGrounding } from './insight-draft.ts';
import { type Candidate, matchOperators } from './match.ts';
import { type Call, callOf, isNoted, named, type Round, roundOf, succeeded, type Turn } from './turn.ts';

const MAX_ATTEMPTS = 2;
/** Longest single wait in ms; news ends it earlier. */
const MAX_WAIT_MS = 60_000;
/** Left to correlate and answer when operators are slow, in ms. */
const RESERVE_MS = 3_000;
/** Less is too short for another operator to find anything, in ms. */
const MIN_WIDEN_MS = 6_000;
/** So long the operators that the reason calls for are waited for alone when they have found nothing, in ms. */
const PATIENCE_MS = 3_000;
/** A wait that ends at once (news) costs an iteration of the run; after so many, what is there is correlated. */
const MAX_WAITS = 14;

export function coordinatorTurn(briefing: CoordinatorBriefing, messages: Transcript): Turn {
  const round = roundOf(messages);
  return (
    inviteTurn(briefing, round) ??
    impatientTurn(briefing, round) ??
    waitTurn(briefing, round) ??
    widenTurn(briefing, round) ??
    reportTurn(briefing, round) ??
    finalTurn(briefing, round)
  );
}

/** Operators that were asked for in this round; `failed` counts invocations that were refused. */
function invocationsOf(round: Round): { invoked: ReadonlySet<string>; failed: number } {
  const names = succeeded(round.now, 'invoke_operators').flatMap(
    ({ call }) => call.arguments.operators as readonly string[],
  );
  const failed = named(round.now, 'invoke_operators').filter(({ result }) => result.isError).length;
  return { invoked: new Set(names), failed };
}

function inviteTurn(briefing: CoordinatorBriefing, round: Round): Turn | undefined {
  const { invoked, failed } = invocationsOf(round);
  if (invoked.size > 0 || failed >= MAX_ATTEMPTS || briefing.reason.trim() === '') return undefined;
  const operators = matchOperators(briefing.reason, briefing.operators);
  return operators.length === 0 ? undefined : invite(operators, briefing.reason);
}

const invite = (operators: readonly string[], context: string): Turn => ({
  text: `Asking ${operators.join(', ')}.`,
  calls: [callOf('invoke_operators', { operators, context })],
});

/** One that takes long (a heap snapshot) need not hold up all others when nothing has been found. */
function impatientTurn(briefing: CoordinatorBriefing, round: Round): Turn | undefined {
  const isLate = briefing.running.length > 0 && patienceLeftMs(briefing, round) <= 0;
  return isLate && canWiden(briefing, round) ? inviteOthers(briefing, round) : undefined;
}

/** Infinite once there is something to go by, or nobody else to ask. */
function patienceLeftMs(briefing: CoordinatorBriefing, round: Round): number {
  const isSomethingFound = briefing.notifications.some(({ severity }) => severity !== 'info');
  if (isSomethingFound || !canWiden(briefing, round)) return Number.POSITIVE_INFINITY;
  const waited = succeeded(round.now, 'wait').map(({ result }) => evidenceOf(result));
  return waited.reduce(
    (left, one) => left - (one.ok && isObject(one.value) ? Number(one.value.waited ?? 0) : 0),
    PATIENCE_MS,
  );
}

function waitTurn(briefing: CoordinatorBriefing, round: Round): Turn | undefined {
  const { running, remainingMs } = briefing;
  const waits = named(round.now, 'wait').length;
  if (running.length === 0 || remainingMs <= RESERVE_MS || waits >= MAX_WAITS) return undefined;
  return waitFor(running, Math.min(MAX_WAIT_MS, remainingMs - RESERVE_MS, patienceLeftMs(briefing, round)));
}

const waitFor = (running: readonly string[], ms: number): Turn => ({
  text: `Waiting for ${running.join(', ')}.`,
  calls: [callOf('wait', { ms: Math.max(1, Math.round(ms)) })],
});

/** Insights for what is unread, and the rest dismissed. */
function reportTurn(briefing: CoordinatorBriefing, round: Round): Turn | undefined {
  const open = briefing.notifications.filter(({ status }) => status !== 'resolved');
  if (open.length === 0) return undefined;
  const groups = correlate(factsOf(open), explainsOf(briefing));
  const drafts = groups.map((group) => {
    const own = new Set(group.facts.flatMap((fact) => fact.notifications.map(({ id }) => id)));
    return draftInsight(
      group,
      briefing.notifications.filter(({ id }) => !own.has(id)),
    );
  });
  const insights = drafts.flatMap((draft) => insightCall(draft, round));
  const used = new Set(drafts.flatMap(({ notificationIds }) => notificationIds));
  const calls = [
    ...insights,
    ...dismissal(
      open.map(({ id }) => id).filter((id) => !used.has(id)),
      round,
    ),
  ];
  return calls.length === 0 ? undefined : { text: textOf(calls), calls };
}

const explainsOf = ({ operators }: CoordinatorBriefing): Explains =>
  new Map(operators.flatMap(({ skill }) => skill.checks.map(({ id, explains }) => [id, explains] as const)));

/** A refused insight is offered once more without the claim of grounding, then left. */
function insightCall(draft: InsightDraft, round: Round): readonly Call[] {
  const key = JSON.stringify(draft.notificationIds);
  const tried = named(round.now, 'produce_insight').filter(
    ({ call }) => JSON.stringify(call.arguments.notification_ids) === key,
  );
  if (tried.length >= MAX_ATTEMPTS || tried.some(({ result }) => !result.isError)) return [];
  return [callOf('produce_insight', argumentsOf(tried.length === 0 ? draft : withoutGrounding(draft)))];
}

const argumentsOf = (draft: InsightDraft): JsonObject => ({
  notification_ids: draft.notificationIds,
  correlation_type: draft.correlationType,
  summary: draft.summary,
  matched_observations: draft.matchedObservations,
  hypothesis_grounded: draft.hypothesisGrounded,
  ...(draft.rootCauseHypothesis !== undefined && { root_cause_hypothesis: draft.rootCauseHypothesis }),
  confidence: draft.confidence,
  subjects: asJson(draft.subjects),
});

function dismissal(ids: readonly string[], round: Round): readonly Call[] {
  const done = new Set(
    named(round.now, 'update_notification_statuses').flatMap(
      ({ call }) => call.arguments.notification_ids as readonly string[],
    ),
  );
  const left = ids.filter((id) => !done.has(id));
  const reason = 'For information only; nothing to explain.';
  return left.length === 0
    ? []
    : [callOf('update_notification_statuses', { notification_ids: left, status: 'resolved', reason })];
}

function textOf(calls: readonly Call[]): string {
  const hypotheses = calls.flatMap(
    ({ arguments: { root_cause_hypothesis: said, summary } }) => said ?? summary ?? [],
  );
  return hypotheses.length > 0 ? hypotheses.join(' ') : 'Nothing that was reported needs an explanation.';
}

/** Asks further operators before anything is concluded, when what was reported leaves the cause open. */
function widenTurn(briefing: CoordinatorBriefing, round: Round): Turn | undefined {
  return briefing.running.length === 0 && canWiden(briefing, round)
    ? inviteOthers(briefing, round)
    : undefined;
}

function canWiden({ operators, remainingMs }: CoordinatorBriefing, round: Round): boolean {
  const { invoked, failed } = invocationsOf(round);
  const isAnyoneLeft = operators.some(({ name }) => !invoked.has(name));
  return invoked.size > 0 && failed < MAX_ATTEMPTS && remainingMs > MIN_WIDEN_MS && isAnyoneLeft;
}

/** Those that may know a cause of what is named, over any number of steps; all when something is named by nobody. */
function inviteOthers(briefing: CoordinatorBriefing, round: Round): Turn | undefined {
  const { invoked } = invocationsOf(round);
  const explains = explainsOf(briefing);
  const facts = factsOf(briefing.notifications);
  const groups = correlate(facts, explains);
  const isNamed = groups.length > 0 && groups.every(namesCulprit);
  const causes = new Set(facts.flatMap(({ type }) => [...causesOf(type, explains)]));
  const mayExplain = ({ skill }: Candidate): boolean => skill.checks.some(({ id }) => causes.has(id));
  const others = briefing.operators.filter(({ name }) => !invoked.has(name));
  const names = (isNamed ? others.filter(mayExplain) : others).map(({ name }) => name);
  return names.length === 0 ? undefined : invite(names, briefing.reason);
}

function finalTurn(briefing: CoordinatorBriefing, round: Round): Turn {
  // `done` is refused while operators run; what they found so far has been said.
  if (briefing.running.length > 0)
    return waitFor(briefing.running, Math.min(MAX_WAIT_MS, briefing.remainingMs));
  const text = verdictOf(briefing);
  const { invoked, failed } = invocationsOf(round);
  const thought = 'The operators could not be invoked, so nothing was looked at.';
  const isBlind = invoked.size === 0 && failed >= MAX_ATTEMPTS;
  return isBlind && !isNoted(round, thought)
    ? { text: thought, calls: [callOf('think', { thought }), callOf('done')] }
    : { text, calls: [callOf('done')] };
}

function verdictOf({ insights, finished }: CoordinatorBriefing): string {
  if (insights.length > 0) return insights.length === 1 ? 'One insight.' : `${insights.length} insights.`;
  return finished.length === 0
    ? 'Nothing to correlate.'
    : `Nothing that needs attention was reported by ${finished.join(', ')}.`;
}
