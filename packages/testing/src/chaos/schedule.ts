// What happens when in the chaos phase, from the seed alone. Runs come at random all the time; faults that end
// something which is restarted keep so much distance that no restart intensity is exceeded by the schedule itself.
import {
  detectedWithinMs,
  type Fault,
  type LethalFault,
  launcherFaults,
  lethalFaults,
  quickFaults,
  softFaults,
} from './faults.ts';
import { createRandom, type Random } from './random.ts';

/** What a model is to do in a run; it travels in the reason. */
export interface Order {
  readonly id: number;
  /** Of the operator's model. */
  readonly operator?: Fault;
  /** Of the coordinator's model. */
  readonly coordinator?: Fault;
  /** Before anything was found, or right after a finding was acknowledged. */
  readonly when: 'first' | 'after';
}

export interface RunAction {
  readonly type: 'operator-run' | 'coordinator-run' | 'socket-run';
  readonly atMs: number;
  readonly order: Order;
  /** Of operator runs. */
  readonly operator: string;
  readonly timeoutMs: number;
  /** Its caller loses interest after so long. */
  readonly cancelAfterMs?: number;
}

export interface FaultAction {
  readonly type: 'fault';
  readonly atMs: number;
  readonly id: number;
  readonly place: 'continuous' | 'recorder' | 'launcher' | 'main-skill';
  readonly fault: Fault;
  /** Name of the continuous operator. */
  readonly operator?: string;
}

export type Action = RunAction | FaultAction;

export interface ScheduleOptions {
  readonly seed: number;
  readonly durationMs: number;
  /** Names of the continuous operators that can be made to fail. */
  readonly continuous: readonly [string, ...string[]];
}

/** Mean time between two runs of a kind, in ms. */
const MEAN_MS = { 'operator-run': 1_800, 'coordinator-run': 5_000, 'socket-run': 6_000 } as const;
const MEAN_SOFT_MS = 7_000;
/** Supervisors count restarts over 5 s; backoff and start come on top. */
const RESTART_WINDOW_MS = 8_000;
/** Restarts of the recorder that are granted within ten minutes (recorder/supervised-recorder.ts). */
const RECORDER_DEATHS = 3;
/** Shorter ones leave no time for a fault that is seen only after long, and are denser to be worth their while. */
const LONG_MS = 60_000;
const SHORT_DENSITY = 1.5;
const OPERATORS: readonly [string, ...string[]] = [
  'chaos-once',
  'chaos-once',
  'chaos-once',
  'shop',
  'runtime',
  'gc',
];

export function createSchedule(options: ScheduleOptions): readonly Action[] {
  const random = createRandom(options.seed);
  let lastId = 0;
  const id = (): number => {
    lastId += 1;
    return lastId;
  };
  const kinds = ['operator-run', 'coordinator-run', 'socket-run'] as const;
  const { durationMs } = options;
  const isLong = durationMs >= LONG_MS;
  const density = isLong ? 1 : SHORT_DENSITY;
  const actions: Action[] = [
    ...kinds.flatMap((type) =>
      times(random, MEAN_MS[type] / density, durationMs).map((atMs) =>
        run(random, { type, atMs, id: id(), lethal: isLong ? lethalFaults : quickFaults }),
      ),
    ),
    ...softDisturbances(random, times(random, MEAN_SOFT_MS / density, durationMs), id),
    ...endings(random, options, id),
  ];
  return actions.toSorted((a, b) => a.atMs - b.atMs);
}

function times(random: Random, meanMs: number, durationMs: number): number[] {
  const found: number[] = [];
  for (let at = random.waitMs(meanMs); at < durationMs; at += random.waitMs(meanMs)) found.push(at);
  return found;
}

interface RunDraft extends Pick<RunAction, 'type' | 'atMs'> {
  readonly id: number;
  /** What may be drawn. */
  readonly lethal: readonly [LethalFault, ...LethalFault[]];
}

function run(random: Random, { type, atMs, id, lethal }: RunDraft): RunAction {
  const operatorFault = faultOfModel(random, [0.45, 0.25], lethal);
  // On main a coordinator's model is the service's own code: what would end its thread would end the service.
  const coordinatorFault =
    type === 'socket-run'
      ? faultOfModel(random, [0.3, 0.15], lethal)
      : type === 'coordinator-run'
        ? faultOfModel(random, [0, 0.3], lethal)
        : undefined;
  const order: Order = {
    id,
    when: random.chance(0.5) ? 'first' : 'after',
    ...(operatorFault && { operator: operatorFault }),
    ...(coordinatorFault && { coordinator: coordinatorFault }),
  };
  const timeoutMs = random.between(2_000, type === 'operator-run' ? 8_000 : 12_000);
  return {
    type,
    atMs,
    order,
    operator: random.pick(OPERATORS),
    timeoutMs,
    ...(random.chance(0.25) && { cancelAfterMs: random.between(0, timeoutMs) }),
  };
}

function faultOfModel(
  random: Random,
  [lethalShare, softShare]: readonly [number, number],
  lethal: RunDraft['lethal'],
): Fault | undefined {
  const drawn = random.next();
  if (drawn < lethalShare) return random.pick(lethal);
  return drawn < lethalShare + softShare ? random.pick(softFaults) : undefined;
}

/** Of the skills on recorder and main, which answer wrongly for a while. */
function softDisturbances(random: Random, at: readonly number[], id: () => number): FaultAction[] {
  return at.map((atMs) => ({
    type: 'fault',
    atMs,
    id: id(),
    place: random.chance(0.5) ? 'recorder' : 'main-skill',
    fault: random.pick(softFaults),
  }));
}

/** Faults that end what is restarted, one after the other. */
function endings(
  random: Random,
  { durationMs, continuous }: ScheduleOptions,
  id: () => number,
): FaultAction[] {
  const isLong = durationMs >= LONG_MS;
  const next = isLong ? bagOf(random) : fewOf(random);
  const found: FaultAction[] = [];
  let at = random.between(300, isLong ? 4_000 : 500);
  for (let ending = next(); ending !== undefined && at < durationMs; ending = next()) {
    const operator = ending.place === 'continuous' ? { operator: random.pick(continuous) } : {};
    found.push({ type: 'fault', atMs: at, id: id(), ...ending, ...operator });
    at +=
      detectedWithinMs(ending.place, ending.fault) +
      RESTART_WINDOW_MS +
      random.between(0, isLong ? 1_000 : 0);
  }
  return found;
}

type Ending = Pick<FaultAction, 'place' | 'fault'>;

const usual: readonly Ending[] = [
  ...lethalFaults.map((fault): Ending => ({ place: 'continuous', fault })),
  ...launcherFaults.map((fault): Ending => ({ place: 'launcher', fault })),
];

/** Draws endings without bias, refilled when empty; the recorder's only as often as its intensity grants. */
function bagOf(random: Random): () => Ending | undefined {
  const ofRecorder = random
    .shuffled(lethalFaults.map((fault): Ending => ({ place: 'recorder', fault })))
    .slice(0, RECORDER_DEATHS);
  let rest = random.shuffled([...usual, ...ofRecorder]);
  return () => {
    if (rest.length === 0) rest = random.shuffled(usual);
    return rest.shift();
  };
}

/** For a short run: something that hangs on the recorder ends, and then the recorder itself. */
function fewOf(random: Random): () => Ending | undefined {
  const few: Ending[] = [
    random.pick<Ending>([
      { place: 'launcher', fault: 'terminated' },
      { place: 'continuous', fault: 'throw' },
      { place: 'continuous', fault: 'exit' },
    ]),
    { place: 'recorder', fault: random.pick(['throw', 'rejection', 'exit']) },
  ];
  return () => few.shift();
}
