// One chaos run: calm, chaos, calm, and the end, with everything watched throughout.
import { performance } from 'node:perf_hooks';
import { type Child, startChild } from './children.ts';
import { judgeLatency, type Phase } from './latency.ts';
import { watchMachine } from './machine.ts';
import type { ChaosReport } from './report.ts';
import { leftBehind } from './resources.ts';
import { type Action, createSchedule } from './schedule.ts';
import { CONTINUOUS } from './subject.ts';
import { createWatch, type Watch } from './watch.ts';
import type { LoadCommand, LoadResult, ServiceCommand, ServiceReport } from './wire.ts';

export interface ChaosOptions {
  readonly seed: number;
  readonly chaosMs: number;
  /** Of each of the two calm phases. */
  readonly calmMs: number;
  readonly perSecond: number;
  readonly windowMs: number;
  /** A short run says nothing about latency and memory. */
  readonly isJudgedByFigures: boolean;
  readonly onProgress: (line: string) => void;
  /** Every fault, end and answer. */
  readonly onNews: (line: string) => void;
}

type Service = Child<ServiceCommand, ServiceReport>;
type Load = Child<LoadCommand, LoadResult>;

const ANSWER_MS = 30_000;
/** Idle threads of the pool and the sandbox are released after 4 s. */
const RELEASE_MS = 6_000;
const CONNECTIONS = 32;
const DAY_MS = 86_400_000;

export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const service: Service = startChild('service');
  const load: Load = startChild('load');
  try {
    return await performRun(options, service, load);
  } finally {
    await Promise.all([service, load].map((child) => child.kill()));
  }
}

async function performRun(options: ChaosOptions, service: Service, load: Load): Promise<ChaosReport> {
  const startedAt = new Date().toISOString();
  const { perSecond, windowMs } = options;
  const watch = createWatch(service, {
    onViolation: (what) => options.onProgress(`violation: ${what}`),
    onNews: options.onNews,
  });
  const { port } = await service.next('ready', ANSWER_MS);
  service.send({ type: 'attach' });
  const attached = await service.next('attached', ANSWER_MS);
  watch.attachedAt(attached.controlPath);
  load.send({ type: 'start', job: { port, perSecond, windowMs, connections: CONNECTIONS } });
  const machine = watchMachine([service.pid, load.pid, process.pid]);
  const phases = createPhases(options.onProgress);

  await phases.run('calm', () => pass(options.calmMs, watch));
  const heapBefore = await measure(service);
  const actions = createSchedule({
    seed: options.seed,
    durationMs: options.chaosMs,
    continuous: CONTINUOUS,
  });
  await phases.run('chaos', () => playOut(actions, options.chaosMs, { service, watch }));
  options.onProgress('settling: runs that are under way, ends that are not back yet');
  await watch.settle();
  options.onProgress('checking that everything works');
  service.send({ type: 'check' });
  for (const complaint of (await service.next('checked', 4 * ANSWER_MS)).complaints)
    watch.violated(complaint);
  await pass(options.isJudgedByFigures ? RELEASE_MS : 0, watch);
  await phases.run('calm', () => pass(options.calmMs, watch));
  const heapAfter = await measure(service);
  options.onProgress('asking for the history');
  const findings = await watch.findings();

  load.send({ type: 'finish' });
  const traffic = await load.next('result', ANSWER_MS);
  machine.stop();
  options.onProgress('stopping');
  service.send({ type: 'detach' });
  const detached = await service.next('detached', 2 * ANSWER_MS);
  const leaks = leftBehind(attached.resources, detached.resources);
  watch.isOver();
  service.send({ type: 'end' });
  const ending = await service.ended({ isKilled: true });
  const latency = judgeLatency(traffic.windows, phases.all, { ...options, machine: machine.samples });
  return watch.report({
    options,
    startedAt,
    actions,
    phases: phases.all,
    traffic,
    latency,
    machine: machine.samples,
    heapMb: { before: heapBefore, after: heapAfter },
    findings,
    leaks,
    zombies: detached.resources.zombies,
    stopMs: detached.stopMs,
    ending,
    printed: service.printed(),
  });
}

interface Phases {
  readonly all: readonly Phase[];
  run(name: Phase['name'], work: () => Promise<void>): Promise<void>;
}

function createPhases(onProgress: (line: string) => void): Phases {
  const all: Phase[] = [];
  return {
    all,
    async run(name, work) {
      const fromMs = Date.now();
      onProgress(`${name}: begins`);
      await work();
      all.push({ name, fromMs, toMs: Date.now() });
    },
  };
}

/** Carries the actions out, each at its time. */
async function playOut(
  actions: readonly Action[],
  durationMs: number,
  { service, watch }: { service: Service; watch: Watch },
): Promise<void> {
  const startedAt = performance.now();
  for (const action of actions) {
    await pass(action.atMs - (performance.now() - startedAt), watch);
    watch.acted(action);
    if (action.type !== 'socket-run') service.send({ type: 'act', action });
  }
  await pass(durationMs - (performance.now() - startedAt), watch);
}

/** Lets the time pass; ends at once, with an error, when the service is gone. */
async function pass(ms: number, watch: Watch): Promise<void> {
  if (ms <= 0) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, Math.min(ms, DAY_MS));
  try {
    await Promise.race([promise, watch.serviceGone]);
  } finally {
    clearTimeout(timer);
  }
}

async function measure(service: Service): Promise<number> {
  service.send({ type: 'measure' });
  return (await service.next('measured', ANSWER_MS)).heapMb;
}
