// The check `supervision.hot_worker`: one worker of a pool takes a whole core for long, while the others wait. Pure.
import type { Check, Conclusion, JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, placeOf } from '../evidence.ts';
import { figure, percent } from '../wording.ts';
import { calledByKind, placeSubjects, seconds, startedBy, workerSubject } from './subjects.ts';

/** Of one core, waiting for one included; over 15 s. */
const HOT_PERCENT = 90;
const BUSY_LOOP = 0.95;
const IDLE_PERCENT = 5;
/** A worker on its own, or beside one, may be there for long work. */
const MIN_IDLE = 2;
const LONG_SECONDS = 60;

export const hotWorker: Check = {
  id: 'supervision.hot_worker',
  when: (snapshot) => {
    const hot = numberOf(snapshot.hottestThreadPercent);
    return hot < HOT_PERCENT || numberOf(snapshot.workersAlive) <= MIN_IDLE ? undefined : { percent: hot };
  },
  investigate: `const workers = await supervision_workers(1);
return { workers, threads: await supervision_threads(15), minute: await supervision_threads(55) };`,
  conclude: (evidence) => conclude(evidence),
  explains: ['system.cpu_throttled'],
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  const { workers, threads, minute } = objectOf(evidence);
  const hotThreads = listOf(threads).filter(isHot);
  const all = listOf(workers);
  const hot = all.filter(
    ({ eventLoopUtilization, cpuPercent, ageMs }) =>
      numberOf(eventLoopUtilization) >= BUSY_LOOP &&
      numberOf(cpuPercent) > IDLE_PERCENT &&
      numberOf(ageMs) >= numberOf(hotThreads[0]?.windowMs),
  );
  const [worker] = hot;
  // More threads than workers: some other thread is meant, and which worker it is cannot be told.
  if (worker === undefined || hot.length > 1 || hotThreads.length !== 1) return undefined;
  const idle = all.filter((other) => other !== worker && isSibling(worker, other) && isIdle(other));
  const siblings = all.filter((other) => other !== worker && isSibling(worker, other));
  if (idle.length < MIN_IDLE || idle.length < siblings.length) return undefined;
  return conclusionOf({ worker, idle, thread: hotThreads[0] ?? {}, isLong: listOf(minute).some(isHot) });
}

const isHot = ({ wantedPercent }: JsonObject): boolean => numberOf(wantedPercent) >= HOT_PERCENT;

/** One that sleeps in Atomics.wait has a busy loop, but takes no CPU. */
const isIdle = ({ cpuPercent, eventLoopUtilization }: JsonObject): boolean =>
  typeof cpuPercent === 'number' ? cpuPercent <= IDLE_PERCENT : numberOf(eventLoopUtilization) <= 0.05;

const isSibling = (one: JsonObject, other: JsonObject): boolean => {
  const [mine, its] = [placeOf(one.starter), placeOf(other.starter)];
  return (
    one.file === other.file && (mine === undefined || (mine.file === its?.file && mine.line === its.line))
  );
};

interface Found {
  readonly worker: JsonObject;
  readonly idle: readonly JsonObject[];
  readonly thread: JsonObject;
  readonly isLong: boolean;
}

function conclusionOf({ worker, idle, thread, isLong }: Found): Conclusion {
  return {
    severity: isLong ? 'warning' : 'info',
    context: `Of ${figure(idle.length + 1)} workers of one pool, ${calledByKind(worker)} (thread ${numberOf(worker.threadId)}) took ${figure(numberOf(thread.cpuPercent))} % of a core for ${isLong ? `${LONG_SECONDS} s` : seconds(thread.windowMs)} and wanted ${figure(numberOf(thread.wantedPercent))} %; the ${figure(idle.length)} others were idle.`,
    observation: `Its event loop was busy ${percent(numberOf(worker.eventLoopUtilization))} of the time: it took no other message in between, or they came without a pause.${startedBy(worker)}`,
    hypothesis:
      'One task is far larger than the others, or does not end; or the tasks are not spread over the pool.',
    subjects: [
      workerSubject(worker, numberOf(thread.wantedPercent), '%'),
      ...placeSubjects(worker, numberOf(thread.wantedPercent), '%'),
    ],
  };
}
