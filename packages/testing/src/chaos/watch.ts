// Everything that is watched while a run goes on: what the service tells, runs that must settle, findings that must be
// kept, ends that must be followed by a comeback.
import type { Child } from './children.ts';
import { createFindingsDesk, type FindingsFigures } from './findings.ts';
import { Recoveries } from './recoveries.ts';
import { assembleReport, type ChaosReport, type ReportParts } from './report.ts';
import type { Action, FaultAction, RunAction } from './schedule.ts';
import { investigateOverSocket, type SocketAddress } from './socket.ts';
import { CONTINUOUS } from './subject.ts';
import { createTally, type Tally } from './tally.ts';
import type { ServiceCommand, ServiceReport, SettledRun } from './wire.ts';

/** After its deadline a run hands over what it has: a cancelled operator is asked, stopped and killed, 1.5 s each. */
const SLACK_MS = 12_000;
const SETTLE_MS = 40_000;
const LOOK_MS = 200;
/** Too many to be news. */
const SIGNS_OF_LIFE = ['operator.step', 'operator.notification', 'insight.produced'];

export interface Watch {
  /** Rejects when the service ends. */
  readonly serviceGone: Promise<never>;
  attachedAt(controlPath: string | undefined): void;
  acted(action: Action): void;
  violated(what: string): void;
  /** Resolves when all runs have settled and all that ended is back, or it is a violation that they are not. */
  settle(): Promise<void>;
  /** Asks for the history of everything that was acknowledged. */
  findings(): Promise<FindingsFigures>;
  /** From now on the service may end. */
  isOver(): void;
  report(parts: ReportParts): ChaosReport;
}

export interface Onlooker {
  /** Told at once, so that whoever looks on need not wait for the end. */
  onViolation(what: string): void;
  /** Faults, ends and answers as they come. */
  onNews(what: string): void;
}

export function createWatch(
  service: Child<ServiceCommand, ServiceReport>,
  { onViolation, onNews }: Onlooker,
): Watch {
  const tally = createTally(onViolation);
  const recoveries = new Recoveries(CONTINUOUS);
  const findings = createFindingsDesk();
  const open = new Map<number, RunAction>();
  const faults = new Map<number, FaultAction>();
  let address: SocketAddress | undefined;
  let isOver = false;
  const settled = (run: SettledRun): void => {
    const action = open.get(run.id);
    open.delete(run.id);
    onNews(`settled: ${JSON.stringify(run)}`);
    if (action !== undefined) judgeRun(run, action, tally);
  };
  service.onReport((message) => {
    switch (message.type) {
      case 'violation':
        return tally.violated(message.what);
      case 'tick':
        return tally.counted(message.events);
      case 'settled':
        return settled(message.run);
      case 'thread':
        if (message.message.type === 'acknowledged') findings.acknowledged(message.message);
        if (message.message.type !== 'begun') return;
        tally.begun(message.message.where, message.message.fault);
        onNews(`begun: ${JSON.stringify(message.message)}`);
        return begun(message.message.id);
      case 'event':
        return heard(message.event);
      default:
        return;
    }
  });
  const begun = (id: number): void => {
    const action = faults.get(id);
    if (action !== undefined) recoveries.begun(action, Date.now());
  };
  const heard = (event: Extract<ServiceReport, { type: 'event' }>['event']): void => {
    const now = Date.now();
    if (!SIGNS_OF_LIFE.includes(event.type)) onNews(`told: ${JSON.stringify(event)}`);
    if (event.type === 'recorder.restarted') recoveries.isAlive('recorder', now);
    if (event.type === 'operator.step') recoveries.isAlive(String(event.operator), now);
    if (event.type === 'supervisor.gave_up') tally.violated(`a supervisor gave up: ${event.message}`);
    if (event.type === 'recorder.exited') {
      tally.ended(`recorder: ${event.message}`);
      if (event.willRestart !== true) tally.violated(`the recorder stays down: ${event.message}`);
    }
    if (typeof event.id === 'string') findings.told(event.id, String(event.investigationId));
  };
  const serviceGone = service.ended({ isKilled: false }).then((how): never => {
    throw new Error(`The service has ended: ${how}. It printed: ${service.printed()}`);
  });
  serviceGone.catch((error: Error) => {
    if (!isOver) tally.violated(error.message);
  });
  return {
    serviceGone,
    attachedAt(path) {
      if (path === undefined) tally.violated('the control socket does not listen');
      else address = { pid: service.pid, path };
      if (address !== undefined) findings.watch(address);
    },
    acted(action) {
      tally.acted(action);
      if (action.type === 'fault') faults.set(action.id, action);
      // A skill's fault waits for its next snapshot: it begins with its order.
      else open.set(action.order.id, action);
      if (action.type === 'socket-run' && address !== undefined)
        void investigateOverSocket(address, action, SLACK_MS).then(settled);
    },
    violated: tally.violated,
    async settle() {
      const until = Date.now() + SETTLE_MS;
      while ((open.size > 0 || recoveries.isWaiting) && Date.now() < until)
        await Promise.race([new Promise((resolve) => setTimeout(resolve, LOOK_MS)), serviceGone]);
      for (const { type, order } of open.values())
        tally.violated(`${type} ${JSON.stringify(order)} did not settle`);
      for (const missed of recoveries.missed(Number.POSITIVE_INFINITY)) tally.violated(missed);
    },
    findings: () => findings.close(),
    isOver: () => {
      isOver = true;
    },
    report: (parts) => assembleReport(parts, { tally: tally.figures(), recoveries: recoveries.figures() }),
  };
}

function judgeRun(run: SettledRun, { order, timeoutMs }: RunAction, tally: Tally): void {
  tally.settled(run);
  const what = `${run.kind} ${JSON.stringify(order)}`;
  if (run.complaint !== undefined) tally.violated(`${what} answered nonsense: ${run.complaint}`);
  if (run.durationMs > timeoutMs + SLACK_MS)
    tally.violated(`${what} took ${Math.round(run.durationMs)} ms, its deadline was ${timeoutMs} ms`);
}
