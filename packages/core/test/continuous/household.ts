// Residents with all that they need in one thread: real skills, sampling, gate, supervisor and operators; the clock of
// rounds is the test's.
import { ManualClock } from '@nodelens/testing';
import { onTestFinished } from 'vitest';
import type { Clock } from '../../src/actor/clock.ts';
import type { ActorHost } from '../../src/actor/hosts/actor-host.ts';
import type { ParkedThread } from '../../src/actor/hosts/host.ts';
import { createPlacementHost } from '../../src/actor/hosts/placement-host.ts';
import type { ActorRef } from '../../src/actor/messages/ref.ts';
import type { Gate } from '../../src/continuous/gate.ts';
import { residentModule } from '../../src/continuous/resident-plan.ts';
import { type Residents, startResidents } from '../../src/continuous/residents.ts';
import type { Model } from '../../src/llm/model.ts';
import type { OperatorLimits, OperatorSpec } from '../../src/operator/spec.ts';
import { createSampling } from '../../src/recorder/sampling.ts';
import { defineSkill, type Skill } from '../../src/skill.ts';
import { createSkillHost } from '../../src/skill-host.ts';
import type { Anomaly } from '../../src/telemetry/continuous-events.ts';
import type { LensEvent, LensEventOf, LensEventType } from '../../src/telemetry/events.ts';
import { createWorld, type World } from '../operator/world.ts';

export const ROUND_MS = 30_000;

export interface Household {
  readonly residents: Residents;
  readonly clock: ManualClock;
  readonly world: World;
  /** What the skill's snapshot tells; `bad` makes its check fire. */
  readonly data: { bad: number; fails?: boolean; freeMb?: number };
  readonly anomalies: Anomaly[];
  /** What was told so far, newest last. */
  readonly told: LensEvent[];
  /** Snapshots so far. */
  readonly looks: () => number;
  /** The next event of that type; those before it in `told` do not count. */
  next<T extends LensEventType>(type: T): Promise<LensEventOf<T>>;
  /** The next sample, judged, whatever comes of it. */
  round(): Promise<void>;
  /** Threads (or what stands for them) that were started so far, oldest first. */
  readonly started: ActorRef[];
  /** Starts so far, with those that are not ready yet. */
  readonly begun: () => number;
  /** Threads in reserve that were made so far, oldest first, and who took them. */
  readonly spares: Spared[];
  /** The next start, when it is ready. */
  nextStart(): Promise<ActorRef>;
  /** Ends the operator that was started last, as a crash of its thread does. */
  crash(): Promise<void>;
}

export interface Spared {
  readonly thread: ParkedThread;
  takenBy?: string;
}

export interface HouseholdOptions {
  readonly model: Model;
  readonly gate?: Gate;
  readonly hasChecks?: boolean;
  readonly bad?: number;
  readonly restart?: OperatorSpec['restart'];
  readonly limits?: Partial<OperatorLimits>;
  /** Of its operators. Default: `pump`. */
  readonly names?: readonly string[];
  /** Timers of the residents fire so much before their time. */
  readonly earlyMs?: number;
  /** In worker threads instead of this one. */
  readonly isThreaded?: boolean;
}

export function keepHouse(options: HouseholdOptions): Household {
  const clock = new ManualClock(1_000_000);
  const data: Household['data'] = { bad: options.bad ?? 0 };
  const { skill, looks } = watchedSkill(data, options.hasChecks ?? true);
  const world = createWorld(options.model, [skill], clock);
  const skills = createSkillHost([skill], { host: 'recorder' });
  const sampling = createSampling({ snapshot: skills.snapshot, clock });
  const told: LensEvent[] = [];
  const listeners = new Set<(event: LensEvent) => void>();
  const anomalies: Anomaly[] = [];
  const started: ActorRef[] = [];
  let onStart: (ref: ActorRef) => void = () => undefined;
  let begun = 0;
  const begin = async (starting: Promise<ActorRef>): Promise<ActorRef> => {
    begun += 1;
    const ref = await starting;
    started.push(ref);
    onStart(ref);
    return ref;
  };
  const spares: Spared[] = [];
  const park = (): ParkedThread | undefined => {
    const thread = host.park([residentModule]);
    if (thread === undefined) return undefined;
    const spared: Spared = { thread };
    spares.push(spared);
    return {
      ...thread,
      start: (...given) => {
        spared.takenBy = given[0].id;
        return begin(thread.start(...given));
      },
    };
  };
  const host = options.isThreaded ? threads(world) : world.host;
  let judged = Promise.withResolvers<void>();
  const residents = startResidents({
    host: {
      start: (...given) => begin(host.start(...given)),
      stop: (ref) => host.stop(ref),
      kill: (ref) => host.kill(ref),
      close: () => host.close(),
    },
    park,
    plans: (options.names ?? ['pump']).map((name) => plan(world, name, options)),
    notifications: [],
    sampling,
    check: async ({ id }, snapshot, history) => {
      const findings = await skills.check(id, snapshot, history);
      // After whoever waits for these findings.
      setImmediate(() => judged.resolve());
      return findings;
    },
    anomalies: () => anomalies,
    clock: hasty(clock, options.earlyMs ?? 0),
    random: () => 0,
    headroom: () => data.freeMb ?? Number.POSITIVE_INFINITY,
    tell(event) {
      told.push(event);
      for (const listener of [...listeners]) listener(event);
    },
  });
  onTestFinished(async () => {
    await residents.stop();
    sampling.close();
  });
  return {
    residents,
    clock,
    world,
    data,
    anomalies,
    told,
    looks,
    next: (type) =>
      new Promise((resolve) => {
        const listener = (event: LensEvent): void => {
          if (event.type !== type) return;
          listeners.delete(listener);
          resolve(event as LensEventOf<typeof type>);
        };
        listeners.add(listener);
      }),
    async round() {
      judged = Promise.withResolvers();
      clock.advance(ROUND_MS);
      await judged.promise;
    },
    started,
    begun: () => begun,
    spares,
    nextStart: () =>
      new Promise((resolve) => {
        onStart = resolve;
      }),
    async crash() {
      const latest = started.at(-1);
      if (latest !== undefined) await host.kill(latest);
    },
  };
}

const hasty = (clock: ManualClock, earlyMs: number): Clock => ({
  now: () => clock.now(),
  after: (ms, run) => clock.after(Math.max(0, ms - earlyMs), run),
  every: (ms, run) => clock.every(ms, run),
});

function threads(world: World): ActorHost {
  const host = createPlacementHost({ connect: world.connect });
  onTestFinished(() => host.close());
  return host;
}

const plan = (
  world: World,
  name: string,
  { gate = 'anomaly', restart = 'permanent', limits }: HouseholdOptions,
) => ({
  spec: { ...world.spec({ mode: 'continuous', restart }, { roundEveryMs: ROUND_MS, ...limits }), name },
  gate,
});

function watchedSkill(data: Household['data'], hasChecks: boolean): { skill: Skill; looks: () => number } {
  let looks = 0;
  const skill = defineSkill({
    id: 'pump',
    title: 'Pump',
    description: 'A pump',
    systemPrompt: 'You watch a pump.',
    snapshot: () => {
      looks += 1;
      if (data.fails) throw new Error('no gauge');
      return { bad: data.bad };
    },
    callbacks: {},
    ...(hasChecks && {
      checks: [
        {
          id: 'pump.hot',
          when: ({ bad }) => (Number(bad) > 0 ? { bad: Number(bad) } : undefined),
          investigate: 'return null',
          conclude: () => undefined,
        },
      ],
    }),
  });
  return { skill, looks: () => looks };
}
