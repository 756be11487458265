// The check `runtime.event_loop_blocked`: main is or was kept from turning its loop. Pure.
import type { Check, Conclusion, JsonObject, JsonValue, Severity, Subject } from '@nodelens/core';
import { listOf, numberOf, objectOf, type Place, textOf } from '../evidence.ts';
import { max, sum } from '../statistics.ts';
import { functionSubject, ms, percent, place } from '../wording.ts';
import {
  childrenText,
  childSubjects,
  requestSubjects,
  requestsText,
  starvationTold,
} from './block-details.ts';
import { likenessOf, likenessTold } from './block-likeness.ts';
import { timersText } from './block-origin.ts';
import { type Blocked, blockedOf } from './blocked.ts';
import { type Beneath, beneath, isDoubtful } from './native-culprit.ts';
import { syncCallerTold } from './sync-caller.ts';

/** One of this length is worth a look by itself, in ms. */
const LONG_MS = 200;
/** So many of this length within a minute are worth one together. clinic doctor: a delay of 100 ms is an issue. */
const REPEATED = 3;
const REPEATED_MS = 100;
const CRITICAL_MS = 1_000;
/** So long after a native call has returned its name may still be on its way, in ms. */
const NAMING_MS = 5_000;
const AGAIN_MS = 250;

const FACTS = `const stall = await runtime_current_stall();
const stalls = await runtime_stalls(20);
const isDoubtful = stalls.some(({ kind, evidence }) => kind.startsWith('native') && evidence === 'live-stack');
const isUnnamed = stall !== null && stall.culprit === undefined && stall.kind === 'native-io';
const hot = isUnnamed || (isDoubtful && stall === null) ? await runtime_hot_functions(60).catch(() => null) : null;
const told = stalls.map(({ stack, ...facts }) => facts);`;

export const eventLoopBlocked: Check = {
  id: 'runtime.event_loop_blocked',
  when: (snapshot) => {
    const blockedMs = numberOf(snapshot.mainBlockedMs);
    const longestMs = numberOf(snapshot.longestStall1mMs);
    const stalls = numberOf(snapshot.stalls1m);
    if (blockedMs < LONG_MS && longestMs < LONG_MS && (stalls < REPEATED || longestMs < REPEATED_MS))
      return undefined;
    return { mainBlockedMs: blockedMs, longestStall1mMs: longestMs, stalls1m: stalls };
  },
  // A stall of a minute ago that is not the newest belongs to the same trouble, so a few more are looked at.
  investigate: `${FACTS}\nreturn { stall, stalls: told, hot };`,
  // A native call is named when it returns, so that is waited for: the name is there within a moment.
  followUp: `const before = await runtime_current_stall();
await runtime_await_stall_end(maxWaitMs);
${FACTS}
return { stall, stalls: told, hot, awaitedAtMs: before?.startedAtMs ?? stalls[0]?.startedAtMs ?? 0 };`,
  explains: [
    'overload.in_flight_growth',
    'overload.accept_queue',
    'http.slow_route',
    'overload.loop_saturated',
    'runtime.cpu_hot',
  ],
  conclude: (evidence) => conclude(evidence),
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  const { stall, stalls, hot, awaitedAtMs } = objectOf(evidence);
  const current = listOf([stall ?? null]).map(blockedOf);
  const ended = listOf(stalls)
    .filter(({ ongoing }) => ongoing !== true)
    .filter(isOfTheApp)
    .map(blockedOf)
    .filter(({ endedAgoMs }) => endedAgoMs <= 90_000);
  const all = [...current, ...ended];
  const unnamed = all.find(
    (one) => one.culprit === undefined && isRecent(one) && (one.ownMs >= LONG_MS || isOutside(one)),
  );
  // What is going on, or was waited for, counts before what has been, a name before none, the app before the machine.
  if (unnamed?.ongoing === true && !isOutside(unnamed)) return unnamedBlock(unnamed, ended, hot);
  const group = worstGroup(all, ({ ongoing, startedAtMs }) => ongoing || startedAtMs === awaitedAtMs);
  if (group !== undefined) return namedBlock(group, beneathOf(group, hot));
  return unnamed === undefined ? undefined : unnamedBlock(unnamed, ended, hot);
}

/** Time lost to the machine or to collections is not the app's code (the latter is judged by the skill gc). */
const isOfTheApp = (stall: JsonObject): boolean =>
  stall.kind !== 'not-scheduled' &&
  stall.kind !== 'garbage-collection' &&
  numberOf(stall.gcMs) < 0.5 * numberOf(stall.durationMs);

/** Long, but the machine's doing. */
const isOutside = ({ kind, durationMs }: Blocked): boolean =>
  kind === 'not-scheduled' && durationMs >= LONG_MS;

const isRecent = ({ ongoing, endedAgoMs }: Blocked): boolean => ongoing || endedAgoMs <= NAMING_MS;

interface Group {
  readonly culprit: Place;
  readonly blocks: readonly Blocked[];
  readonly totalMs: number;
  readonly longestMs: number;
}

/** Blocks by the function that caused them; of those that are enough to be reported the asked one, or what cost most. */
function worstGroup(all: readonly Blocked[], isAsked: (one: Blocked) => boolean): Group | undefined {
  const byFunction = Map.groupBy(
    all.filter(({ culprit, kind }) => culprit !== undefined && kind !== 'not-scheduled'),
    ({ culprit }) => `${culprit?.name}\0${culprit?.file}`,
  );
  const groups = [...byFunction.values()].flatMap((blocks): Group[] => {
    const culprit = blocks.find(({ ongoing }) => ongoing)?.culprit ?? blocks[0]?.culprit;
    const durations = blocks.map(({ durationMs }) => durationMs);
    return culprit === undefined
      ? []
      : [{ culprit, blocks, totalMs: sum(durations), longestMs: max(durations) }];
  });
  return groups
    .filter(
      ({ blocks }) =>
        blocks.some(({ ownMs }) => ownMs >= LONG_MS) ||
        blocks.filter(({ ownMs }) => ownMs >= REPEATED_MS).length >= REPEATED,
    )
    .sort((a, b) => askedMs(b, isAsked) - askedMs(a, isAsked) || b.totalMs - a.totalMs)[0];
}

/** How long the asked block was, if it is enough to be reported by itself. */
const askedMs = ({ blocks }: Group, isAsked: (one: Blocked) => boolean): number =>
  max(blocks.filter((one) => isAsked(one) && one.ownMs >= LONG_MS).map(({ ownMs }) => ownMs));

/** Only where the stacks leave a doubt. */
const beneathOf = ({ culprit, blocks }: Group, hot: JsonValue | undefined): Beneath | undefined =>
  2 * blocks.filter(isDoubtful).length >= blocks.length ? beneath(culprit, hot) : undefined;

function namedBlock({ blocks, totalMs, longestMs, ...group }: Group, inner: Beneath | undefined): Conclusion {
  const { culprit } = inner ?? group;
  const ongoing = blocks.find((one) => one.ongoing);
  const kind = (ongoing ?? blocks[0])?.kind ?? 'unknown';
  const starvedMs = sum(blocks.map((one) => one.durationMs - one.ownMs));
  const machine = starvedMs >= totalMs / 4 ? ` For ${ms(starvedMs)} of that the machine gave it no CPU.` : '';
  const starvation = starvationTold(blocks);
  const own = functionSubject(culprit, longestMs, 'ms');
  const callbacks = starvation?.subjects ?? [];
  const isOwn = ({ name, file }: Subject): boolean => name === culprit.name && file === culprit.file;
  const functions = isScattered(blocks) ? callbacks : [own, ...callbacks.filter((one) => !isOwn(one))];
  return {
    severity: severityOf(max(blocks.map(({ ownMs }) => ownMs))),
    context:
      (ongoing === undefined
        ? `The main thread was blocked ${times(blocks.length)}, for ${ms(totalMs)} in all and ${ms(longestMs)} at the longest.`
        : `The main thread has been blocked for ${ms(ongoing.durationMs)} and still is.`) +
      machine +
      requestsText(blocks),
    observation: `${inner === undefined ? seenText(culprit, blocks) : innerText(inner)} main thread was ${KINDS[kind] ?? KINDS.unknown}.${starvation?.observation ?? timersText(blocks)}${childrenText(blocks)}`,
    hypothesis:
      starvation?.hypothesis ??
      `${culprit.name} keeps the event loop from turning: no request, timer or reply is served until it returns.`,
    subjects: [...functions, ...childSubjects(blocks), ...requestSubjects(blocks)],
  };
}

/** Of short callbacks without end one look tells less than which of them always runs. */
const isScattered = (blocks: readonly Blocked[]): boolean =>
  blocks.some(({ callback, starvation }) => callback !== undefined && starvation !== undefined) &&
  2 * seenIn(blocks) <= samplesOf(blocks);

const seenIn = (blocks: readonly Blocked[]): number => sum(blocks.map((one) => one.culpritSamples));
const samplesOf = (blocks: readonly Blocked[]): number => sum(blocks.map((one) => one.samples));

const seenText = (culprit: Place, blocks: readonly Blocked[]): string =>
  isScattered(blocks)
    ? 'The'
    : `${place(culprit)} was on the stack in ${seenIn(blocks)} of ${samplesOf(blocks)} samples of the block${callText(blocks)}; the`;

const innerText = ({ culprit, outer, share }: Beneath): string =>
  `${place(culprit)} was on the stack in ${percent(share)} of the profile's samples of ${place(outer)}; the`;

function unnamedBlock(block: Blocked, ended: readonly Blocked[], hot: JsonValue | undefined): Conclusion {
  const { durationMs, ownMs, ongoing, kind, native } = block;
  const likeness = likenessOf(block, ended);
  const likely = likeness === undefined ? syncCallerTold(block, hot) : likenessTold(likeness, block);
  const told = likely ?? starvationTold([block]);
  const main: Subject = { kind: 'process', name: 'main thread', value: Math.round(durationMs), unit: 'ms' };
  const traces = [
    textOf(native.state) && `task state ${textOf(native.state)}`,
    textOf(native.wchan) && `waiting in ${textOf(native.wchan)}`,
    textOf(native.syscall) && `system call ${textOf(native.syscall)}`,
  ].filter((trace) => trace !== '');
  return {
    // What has passed without a name, or is the machine's doing, is no more than a hint.
    severity: ongoing && kind !== 'not-scheduled' ? severityOf(ownMs) : 'info',
    context:
      (ongoing
        ? `The main thread has been blocked for ${ms(durationMs)} and still is.`
        : `The main thread was blocked for ${ms(durationMs)}.`) + requestsText([block]),
    observation: `The main thread was ${KINDS[kind] ?? KINDS.unknown}${traces.length > 0 ? ` (${traces.join(', ')})` : ''}${UNNAMEABLE.has(kind) ? '' : '; the function is known when the call has returned'}.${childrenText([block])}${told?.observation ?? ''}`,
    ...(told !== undefined && { hypothesis: told.hypothesis }),
    subjects: [...(likely === undefined ? [main] : []), ...(told?.subjects ?? []), ...childSubjects([block])],
    // What is likely is told at once: the call may never return.
    ...(likely === undefined && (ongoing || !UNNAMEABLE.has(kind)) && { againAfterMs: AGAIN_MS }),
  };
}

const KINDS: { readonly [kind: string]: string } = {
  javascript: 'executing JavaScript',
  'native-cpu': 'inside a native CPU-bound call',
  'native-io': 'inside a native call that waits for input or output',
  lock: 'waiting for a lock or for another thread',
  'garbage-collection': 'collecting garbage',
  'not-scheduled': 'runnable but given no CPU by the machine',
  unknown: 'not turning its loop',
};

/** These have no function that one could wait for. */
const UNNAMEABLE: ReadonlySet<string> = new Set(['not-scheduled', 'garbage-collection']);

const severityOf = (durationMs: number): Severity => (durationMs >= CRITICAL_MS ? 'critical' : 'warning');

/** What most of the blocks were in. */
function callText(blocks: readonly Blocked[]): string {
  const calls = blocks.map(({ call }) => call).filter((call) => call !== '');
  const [most] = [...Map.groupBy(calls, (call) => call).values()].sort((a, b) => b.length - a.length);
  return most !== undefined && 2 * most.length > blocks.length ? `, in ${most[0]}` : '';
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);
