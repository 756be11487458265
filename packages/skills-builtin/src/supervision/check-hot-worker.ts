// The check `supervision.hot_worker`: one worker of a pool takes a whole core for long, while the others wait. Pure.
import type { Check, Conclusion, JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, placeOf } from '../evidence.ts';
import { figure, functionSubject, percent, place } from '../wording.ts';
import { calledByKind, placeSubjects, seconds, startedBy, workerSubject } from './subjects.ts';

/** Of one core, waiting for one included; over 15 s. */
const HOT_PERCENT = 90;
const BUSY_LOOP = 0.95;
const IDLE_PERCENT = 5;
/** A worker on its own, or beside one, may be there for long work. */
const MIN_IDLE = 2;

export const hotWorker: Check = {
  id: 'supervision.hot_worker',
  when: (snapshot) => {
    const hot = numberOf(snapshot.hottestThreadPercent);
    return hot < HOT_PERCENT || numberOf(snapshot.workersAlive) <= MIN_IDLE ? undefined : { percent: hot };
  },
  investigate: `const workers = await supervision_workers(1);
const [busiest] = workers;
const functions = busiest && await supervision_worker_functions(busiest.id).catch(() => null);
return { workers, functions, profiledId: busiest?.id, threads: await supervision_threads(15), minute: await supervision_threads(55) };`,
  conclude: (evidence) => conclude(evidence),
  explains: ['system.cpu_throttled'],
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  const { workers, threads, minute, functions, profiledId } = objectOf(evidence);
  const hotThreads = listOf(threads).filter(isHot);
  const all = listOf(workers);
  const hot = all.filter(
    ({ eventLoopUtilization, cpuPercent, ageMs }) =>
      numberOf(eventLoopUtilization) >= BUSY_LOOP &&
      numberOf(cpuPercent) > IDLE_PERCENT &&
      numberOf(ageMs) >= numberOf(hotThreads[0]?.windowMs),
  );
  const [worker] = hot;
  const [thread] = hotThreads;
  // More threads than workers: some other thread is meant, and which worker it is cannot be told.
  if (worker === undefined || thread === undefined || hot.length > 1 || hotThreads.length > 1)
    return undefined;
  const siblings = all.filter((other) => other !== worker && isSibling(worker, other));
  const idle = siblings.filter(isIdle);
  if (idle.length < MIN_IDLE || idle.length < siblings.length) return undefined;
  return conclusionOf({
    worker,
    idle,
    thread,
    longer: listOf(minute).find((one) => one.tid === thread.tid && isHot(one)),
    busiest: worker.id === profiledId ? listOf(functions)[0] : undefined,
  });
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
  /** The same thread over a minute, if it was hot for that long. */
  readonly longer: JsonObject | undefined;
  /** Function of the worker. */
  readonly busiest: JsonObject | undefined;
}

function conclusionOf({ worker, idle, thread, longer, busiest }: Found): Conclusion {
  const culprit = placeOf(busiest);
  const share = numberOf(busiest?.selfShare);
  const { cpuPercent, wantedPercent, windowMs } = longer ?? thread;
  return {
    severity: longer === undefined ? 'info' : 'warning',
    context: `Of ${figure(idle.length + 1)} workers of one pool, ${calledByKind(worker)} (thread ${numberOf(worker.threadId)}) took ${figure(numberOf(cpuPercent))} % of a core for ${seconds(windowMs)} and wanted ${figure(numberOf(wantedPercent))} %; the ${figure(idle.length)} others were idle.`,
    observation: `Its event loop was busy ${percent(numberOf(worker.eventLoopUtilization))} of the time: it took no other message in between, or they came without a pause.${culprit === undefined ? '' : ` ${place(culprit)} took ${percent(share)} of its CPU.`}${startedBy(worker)}`,
    hypothesis:
      'One task is far larger than the others, or does not end; or the tasks are not spread over the pool.',
    subjects: [
      workerSubject(worker, numberOf(wantedPercent), '%'),
      ...(culprit === undefined ? [] : [functionSubject(culprit, 100 * share, '% of its CPU')]),
      ...placeSubjects(worker, numberOf(wantedPercent), '%'),
    ],
  };
}
