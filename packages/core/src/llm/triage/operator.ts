// Triage as an operator: snapshot, checks, their scripts in the sandbox, conclusions as notifications, state, done.
// What fails is tried once more and then said; nothing is invented. One decision per call, from the transcript.
import type { ToolResult, Transcript } from '../../agent/transcript.ts';
import type { CheckFinding } from '../../check-finding.ts';
import { reasonOf } from '../../errors.ts';
import { asJson, type JsonObject } from '../../json.ts';
import type { HealthState } from '../../operator/notification.ts';
import type { Conclusion } from '../../skill.ts';
import type { OperatorBriefing } from '../briefing.ts';
import { authoredText, followUpCode } from '../follow-up.ts';
import { type Evidence, evidenceOf, isObject } from './evidence.ts';
import { nextLook } from './recheck.ts';
import { isSameStatement, type Statement } from './statement.ts';
import { sendable } from './subject.ts';
import {
  type Answered,
  type Call,
  callOf,
  isNoted,
  named,
  type Round,
  roundOf,
  succeeded,
  type Turn,
} from './turn.ts';

const MAX_ATTEMPTS = 2;

/** One finding with what has become of it in this round. */
interface Case {
  readonly check: CheckFinding;
  /** Conclusions from its evidence, in the order in which they were drawn, without repetitions. */
  readonly conclusions: readonly Conclusion[];
  /** What the newest evidence says; undefined when it clears the suspicion. */
  readonly latest: Conclusion | undefined;
  /** Why there is no evidence or no conclusion. */
  readonly trouble: string | undefined;
}

export async function operatorTurn(briefing: OperatorBriefing, messages: Transcript): Promise<Turn> {
  const round = roundOf(messages);
  const taken = takenIn(round.now);
  const snapshot = taken.at(-1);
  if (snapshot === undefined) return snapshotTurn(round);
  const history = [...takenIn(round.before), ...taken.slice(0, -1)].map(({ data }) => data);
  const findings = await briefing.knowledge.check(snapshot.data, history);
  const missing = scriptsToRun(findings, round);
  if (missing.length > 0)
    return {
      text: `Looking into ${findings.map((finding) => finding.checkId).join(', ')}.`,
      calls: missing.map((code) => callOf('execute', { code })),
    };
  const cases = await Promise.all(findings.map((finding) => study(finding, round, briefing)));
  const reports = reportsOf(cases, round, snapshot.id);
  if (reports.length > 0) return { text: textOf(reports), calls: reports };
  return recheckTurn(cases, round, briefing.remainingMs) ?? finalTurn(cases, round);
}

interface Taken {
  readonly id: string;
  readonly data: JsonObject;
}

/** Snapshots that came whole, oldest first. */
function takenIn(answered: readonly Answered[]): readonly Taken[] {
  return named(answered, 'take_snapshot').flatMap(({ result }) => {
    const taken = snapshotIn(result);
    return taken.ok ? [taken.value as unknown as Taken] : [];
  });
}

/** Its data may have been cut to size by itself. */
function snapshotIn(result: ToolResult): Evidence {
  const snapshot = evidenceOf(result);
  if (!snapshot.ok || !isObject(snapshot.value)) return snapshot;
  const data = evidenceOf({ ...result, content: snapshot.value.data ?? {} });
  return data.ok ? snapshot : data;
}

function snapshotTurn(round: Round): Turn {
  const failed = named(round.now, 'take_snapshot');
  const last = failed.at(-1)?.result;
  if (last === undefined || failed.length < MAX_ATTEMPTS)
    return { text: 'Taking a snapshot.', calls: [callOf('take_snapshot')] };
  const evidence = snapshotIn(last);
  const thought = `The snapshot failed ${failed.length} times: ${evidence.ok ? 'no data' : evidence.reason}`;
  const state = callOf('set_state', { state: 'observing', reason: thought });
  return { text: thought, calls: [callOf('think', { thought }), state, callOf('done')] };
}

/** Scripts without evidence that may still be run; findings that share a script share its evidence. */
function scriptsToRun(findings: readonly CheckFinding[], round: Round): readonly string[] {
  const scripts = [...new Set(findings.map((finding) => finding.investigate))];
  return scripts.filter((code) => {
    const runs = runsOf([code], round);
    return runs.length < MAX_ATTEMPTS && runs.every(({ result }) => !evidenceOf(result).ok);
  });
}

const runsOf = (scripts: readonly (string | undefined)[], round: Round): readonly Answered[] =>
  named(round.now, 'execute').filter(({ call }) =>
    scripts.includes(authoredText(String(call.arguments.code))),
  );

async function study(check: CheckFinding, round: Round, briefing: OperatorBriefing): Promise<Case> {
  const runs = runsOf([check.investigate, check.followUp], round);
  const results = runs.map(({ result }) => evidenceOf(result));
  const values = results.filter((evidence) => evidence.ok);
  if (values.length === 0) {
    const failed = results.findLast((evidence) => !evidence.ok);
    const trouble = `The evidence for ${check.checkId} could not be gathered: ${failed?.reason}`;
    return { check, conclusions: [], latest: undefined, trouble };
  }
  try {
    const drawn: (Conclusion | undefined)[] = [];
    for (const { value } of values)
      drawn.push((await briefing.knowledge.conclude(check.checkId, value, check.finding)) ?? undefined);
    const conclusions = drawn
      .filter((conclusion) => conclusion !== undefined)
      .filter(
        (conclusion, index, all) => all.findIndex((other) => isSameStatement(conclusion, other)) === index,
      );
    return { check, conclusions, latest: drawn.at(-1), trouble: undefined };
  } catch (error) {
    const trouble = `The check ${check.checkId} could not judge its evidence: ${reasonOf(error)}`;
    return { check, conclusions: [], latest: undefined, trouble };
  }
}

/** What is not said yet: a note for each trouble, a notification for each conclusion. */
function reportsOf(cases: readonly Case[], round: Round, snapshotId: string): readonly Call[] {
  const thoughts = cases.flatMap(({ trouble }) =>
    trouble === undefined || isNoted(round, trouble) ? [] : [callOf('think', { thought: trouble })],
  );
  const notifications = cases.flatMap(({ check, conclusions }) =>
    conclusions
      .map((conclusion) => notificationCall(check.checkId, conclusion, snapshotId))
      .filter((call) => mayBeSent(call, round)),
  );
  return [...thoughts, ...notifications];
}

function notificationCall(type: string, conclusion: Conclusion, snapshotId: string): Call {
  const { severity, context, observation, hypothesis, subjects } = conclusion;
  return callOf('send_notification', {
    type,
    context,
    observation,
    ...(hypothesis !== undefined && { hypothesis }),
    severity,
    snapshot_ids: [snapshotId],
    subjects: asJson(subjects.map(sendable)),
  });
}

/** Compared as statements: a check whose conclusion counts time says the same thing with other figures each turn. */
function mayBeSent({ arguments: wanted }: Call, round: Round): boolean {
  const sent = named(round.now, 'send_notification').filter(
    ({ call: { arguments: args } }) =>
      args.type === wanted.type && isSameStatement(asStatement(args), asStatement(wanted)),
  );
  return sent.length < MAX_ATTEMPTS && sent.every(({ result }) => result.isError);
}

/** Our own call, so it has the fields of the conclusion that it was made of. */
const asStatement = (args: JsonObject): Statement => args as unknown as Statement;

const textOf = (reports: readonly Call[]): string =>
  reports.map(({ arguments: args }) => String(args.observation ?? args.thought)).join(' ');

/** Incomplete evidence is gathered again after a while, as long as there is time. */
function recheckTurn(cases: readonly Case[], round: Round, remainingMs: number): Turn | undefined {
  const open = cases.filter(({ latest }) => latest?.againAfterMs !== undefined);
  const asked = open.map(({ latest }) => latest?.againAfterMs ?? 0);
  const pauses = named(round.now, 'wait').map(({ call }) => Number(call.arguments.ms));
  const sitting = new Set(open.flatMap(({ check }) => check.followUp ?? [])).size;
  const look =
    open.length === 0 ? undefined : nextLook({ askedMs: Math.min(...asked), pauses, remainingMs, sitting });
  if (look === undefined) return undefined;
  const { pauseMs, maxWaitMs } = look;
  const scripts = [...new Set(open.map(({ check }) => followUpCode(check, maxWaitMs)))];
  return {
    text: `The evidence for ${open.map(({ check }) => check.checkId).join(', ')} is not complete; looking again in ${pauseMs} ms.`,
    calls: [callOf('wait', { ms: pauseMs }), ...scripts.map((code) => callOf('execute', { code }))],
  };
}

const STATES = { info: 'observing', warning: 'warning', critical: 'critical' } as const;
const WORST_FIRST: readonly HealthState[] = ['critical', 'warning', 'observing'];

function finalTurn(cases: readonly Case[], round: Round): Turn {
  const { state, reason } = verdictOf(cases);
  const isSet = succeeded(round.now, 'set_state').some(({ call }) => call.arguments.state === state);
  const calls = isSet ? [callOf('done')] : [callOf('set_state', { state, reason }), callOf('done')];
  return { text: reason, calls };
}

/** The worst that was seen in this round, also if it has passed meanwhile. */
function verdictOf(cases: readonly Case[]): { state: HealthState; reason: string } {
  const seen = cases.flatMap(({ conclusions, trouble }) => [
    ...conclusions.map(({ severity, observation }) => ({ state: STATES[severity], reason: observation })),
    ...(trouble === undefined ? [] : [{ state: 'observing' as const, reason: trouble }]),
  ]);
  const worst = WORST_FIRST.flatMap((state) => seen.filter((one) => one.state === state))[0];
  if (worst !== undefined) return worst;
  const reason =
    cases.length === 0 ? 'No check found anything to look into.' : 'The evidence cleared every suspicion.';
  return { state: 'healthy', reason };
}
