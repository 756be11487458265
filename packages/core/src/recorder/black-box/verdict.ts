// What a life died of, from what it left: the contract of previous-life.ts, drawn up once. A guess is told as one. Pure.
import type { Notification } from '../../operator/notification.ts';
import type { Subject } from '../../skill.ts';
import { type Growth, growthOf, lastHeapMb, type MemoryEnd, wasHeapFull, wasMemoryUsedUp } from './memory.ts';
import type { EndOfLife, PreviousLife } from './previous-life.ts';
import type { LifeRecord, MemoryPressure } from './record.ts';
import { blockedStory, certainCulprit } from './story.ts';

/** A main that was stuck for less is one that works; a probe that kills waits for longer. In ms. */
const BLOCKED_MS = 1_000;
const WELL =
  'It was well when it was last seen, and ended without a word: killed from outside, or by a crash of native code.';
/** What was told about a life longer ago does not explain its end, in ms. */
const FITTING_MS = 3_600_000;

export interface VerdictInput {
  readonly record: LifeRecord;
  /** Of this start. */
  readonly pressure: MemoryPressure;
  readonly isSameBoot: boolean;
  /** Of that life, newest first. */
  readonly notifications: readonly Notification[];
}

export function verdictOn(input: VerdictInput): PreviousLife {
  const { record } = input;
  const { life, words } = record;
  const judged = judge(input);
  const fitting = fittingNotification(input, judged.end);
  return {
    pid: life.pid,
    hostname: life.hostname,
    service: life.service,
    startedAt: new Date(life.startedAtMs).toISOString(),
    lastSeenAt: new Date(record.seenAtMs).toISOString(),
    end: judged.end,
    summary: [
      judged.summary,
      ...(fitting ? [`Told before (${fitting.type}): ${fitting.observation}`] : []),
    ].join(' '),
    subjects: [...judged.subjects, ...(fitting?.subjects ?? [])],
    ...(words.stall && { stall: words.stall }),
    stalls: record.stalls,
    vitals: record.vitals,
  };
}

interface Judged {
  readonly end: EndOfLife;
  readonly summary: string;
  readonly subjects: readonly Subject[];
}

/** What the kernel counted is a fact; the rest goes by how telling it is. */
function judge(input: VerdictInput): Judged {
  const { record, pressure, isSameBoot } = input;
  const used = wasMemoryUsedUp(record, { pressure, isSameBoot });
  if (used === 'counted') return outOfMemory(record, used);
  if (wasHeapFull(record)) return heapLimit(record);
  if (used !== undefined) return outOfMemory(record, used);
  const { stall, suspects = [] } = record.words;
  if (stall !== undefined && stall.durationMs >= BLOCKED_MS)
    return { end: 'blocked', ...blockedStory(stall, suspects) };
  return { end: 'killed', summary: killed(input), subjects: [] };
}

function outOfMemory(record: LifeRecord, used: MemoryEnd): Judged {
  const { leftMb } = record.words.pressure;
  const rssMb = Math.round(record.vitals[0]?.rssMb ?? 0);
  const left = leftMb === undefined ? '' : ` and ${leftMb} MB were left`;
  const held = `When it was last seen it held ${rssMb} MB of memory${left}.`;
  const why =
    used === 'counted'
      ? 'The kernel has killed a process for want of memory since it was last seen.'
      : 'That is the limit of its container or machine, where the kernel kills.';
  const growth = growthOf(record);
  return {
    end: 'out-of-memory',
    summary: [held, why, growthText(growth)].filter((part) => part !== '').join(' '),
    subjects: [growthSubject(growth) ?? { kind: 'process', name: 'memory', value: rssMb, unit: 'MB' }],
  };
}

function heapLimit(record: LifeRecord): Judged {
  const { heapLimitMb = 0, collections } = record.words;
  const usedMb = Math.round(lastHeapMb(record));
  const spent =
    collections.full === 0
      ? ''
      : ` ${collections.full} full collections within its last 10 s took ${collections.fullMs} ms and did not help.`;
  const where = record.words.stall && certainCulprit(record.words.stall);
  const growth = growthOf(record, 'heap');
  return {
    end: 'heap-limit',
    summary: [
      `When it was last seen its JavaScript heap held ${usedMb} MB of at most ${heapLimitMb} MB, where Node ends itself (exit code 134).${spent}`,
      growthText(growth),
      where ? `Its main thread was in ${where.name} (${where.file}:${where.line}).` : '',
    ]
      .filter((part) => part !== '')
      .join(' '),
    subjects: [
      { kind: 'process', name: 'heap', value: usedMb, unit: 'MB' },
      ...(where ? [{ kind: 'function' as const, name: where.name, file: where.file, line: where.line }] : []),
    ],
  };
}

function killed({ record, isSameBoot }: VerdictInput): string {
  const { stall } = record.words;
  if (!isSameBoot) return 'It was well when it was last seen; the machine has been started anew since.';
  if (stall === undefined) return WELL;
  return `${WELL} Its main thread had been blocked for ${Math.round(stall.durationMs)} ms by then.`;
}

function growthText(growth: Growth | undefined): string {
  if (growth === undefined) return '';
  const { part, fromMb, toMb, overMs } = growth;
  return `What grew was its ${part}: from ${fromMb} to ${toMb} MB within ${Math.round(overMs / 1_000)} s.`;
}

const growthSubject = (growth: Growth | undefined): Subject | undefined =>
  growth && { kind: 'process', name: growth.part, value: growth.toMb, unit: 'MB' };

/** Areas that speak of such an end. */
const FITTING: { readonly [E in EndOfLife]: RegExp } = {
  blocked: /^(?:runtime|overload)\./,
  'out-of-memory': /^(?:collections|gc|handles|system|vm-events)\./,
  'heap-limit': /^(?:collections|gc|vm-events)\./,
  killed: /^$/,
};

/** The newest that fits, collections first where memory was the end: they name the line. */
function fittingNotification(
  { record, notifications }: VerdictInput,
  end: EndOfLife,
): Notification | undefined {
  const fitting = notifications.filter(
    ({ type, detectedAt }) =>
      FITTING[end].test(type) && record.seenAtMs - Date.parse(detectedAt) <= FITTING_MS,
  );
  return fitting.find(({ type }) => type.startsWith('collections.')) ?? fitting[0];
}
