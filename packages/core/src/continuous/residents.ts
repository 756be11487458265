// The continuous operators of a system, on the recorder thread: a resident each, and one supervisor for those that are
// awake. Main only asks; blocked, it can neither delay a wake-up nor a restart.
import { hostname } from 'node:os';
import type { Host, ParkedThread } from '../actor/hosts/host.ts';
import { type Headroom, readHeadroomMb } from '../actor/limits/headroom.ts';
import { assertRoom, RUN_MB, shortage, THREAD_MB } from '../actor/limits/memory-need.ts';
import { Supervisor } from '../actor/supervision/supervisor.ts';
import type { SupervisorEvent } from '../actor/supervision/supervisor-options.ts';
import type { TreeNode } from '../actor/supervision/tree.ts';
import { fail, isError, toWire } from '../errors.ts';
import { emptyMemory } from '../operator/memory.ts';
import type { Notification } from '../operator/notification.ts';
import type { Anomaly } from '../telemetry/continuous-events.ts';
import { operatorIntensity } from './operator-intensity.ts';
import { Resident } from './resident.ts';
import { nodeOf } from './resident-node.ts';
import { assertWakeable, childId, type ResidentPlan } from './resident-plan.ts';
import type { ResidentWorld } from './resident-world.ts';
import type { ResidentsDesk } from './residents-desk.ts';
import { memoryOf } from './restore.ts';
import { createSpare, type Spare } from './spare.ts';
import { createStandby, type Standby } from './standby.ts';

export interface ResidentsOptions extends ResidentWorld {
  /** On the launcher. */
  readonly host: Host;
  /** Starts a thread there that waits for an actor. Absent: none is kept in reserve. */
  readonly park?: () => ParkedThread | undefined;
  readonly plans: readonly ResidentPlan[];
  /** Newest first; what the store has kept of this process, for a recorder that came back. */
  readonly notifications: readonly Notification[];
  /** 0 to 1, for the jitter of restarts. Default Math.random. */
  readonly random?: () => number;
  /** Memory that may still be taken. Default: what the container and the machine have left. */
  readonly headroom?: Headroom;
}

/** Functions without a `this`. */
export interface Residents extends Pick<ResidentsDesk, 'replace'> {
  /** Looks at once: main stalls. */
  readonly onStall: () => void;
  /** Looks at once, if it is about a skill of theirs. */
  readonly onAnomaly: (anomaly: Anomaly) => void;
  readonly tree: () => TreeNode;
  readonly stop: () => Promise<void>;
}

/** They look from now on. @throws NodelensError `option_invalid` */
export function startResidents(options: ResidentsOptions): Residents {
  for (const plan of options.plans) assertWakeable(plan);
  const household = new Household(options);
  return {
    replace: (plan, isSameSkill) => household.replace(plan, isSameSkill),
    onStall: () => household.onStall(),
    onAnomaly: (anomaly) => household.onAnomaly(anomaly),
    tree: () => household.tree(),
    stop: () => household.stop(),
  };
}

type Coming = { readonly plan: ResidentPlan; readonly isSameSkill: boolean };

class Household {
  readonly #tell: ResidentWorld['tell'];
  readonly #headroom: Headroom;
  readonly #spare: Spare;
  readonly #standby: Standby;
  readonly #supervisor: Supervisor;
  /** By the id of the child. */
  readonly #residents: ReadonlyMap<string, Resident>;
  /** By the id of the child: versions that are being started. */
  readonly #coming = new Map<string, Coming>();
  #isOver = false;

  constructor(options: ResidentsOptions) {
    const { host, park, plans, notifications, random, headroom = readHeadroomMb, ...world } = options;
    const { clock } = world;
    this.#tell = world.tell;
    this.#headroom = headroom;
    this.#spare = createSpare({
      park,
      isWanted: () => this.#isSpareWanted(),
      clock,
      ...(random && { random }),
    });
    this.#standby = createStandby({ host, spare: this.#spare, clock });
    this.#supervisor = new Supervisor({
      id: 'operators',
      host: this.#standby,
      clock,
      ...(random && { random }),
      ...operatorIntensity(plans.length),
      onEvent: (event) => this.#follow(event),
    });
    const nowMs = clock.now();
    const past = { notifications, process: { hostname: hostname(), pid: process.pid }, nowMs };
    this.#residents = new Map(
      plans.map((plan) => {
        const memory = notifications.length === 0 ? emptyMemory : memoryOf(plan.spec, past);
        const resident: Resident = new Resident({ plan, memory }, world, {
          wake: () => void this.#wake(resident),
          prepare: (keepMs) => this.#prepare(resident, keepMs),
          leadMs: () => this.#standby.leadMs,
        });
        return [resident.id, resident];
      }),
    );
    for (const resident of this.#residents.values()) resident.start();
  }

  async replace(plan: ResidentPlan, isSameSkill: boolean): Promise<void> {
    const id = childId(plan.spec.name);
    const resident = this.#residents.get(id);
    if (resident === undefined) throw this.#unknown(plan.spec.name);
    assertWakeable(plan);
    // It would be of the old version.
    this.#standby.drop(id);
    const isAtRest = ['resting', 'stopped'].includes(resident.state.phase);
    if (!isAtRest && (await this.#replaceAwake(resident, { plan, isSameSkill }))) return;
    // Nobody wakes the old version from here on.
    resident.stop();
    await this.#forget(id);
    if (this.#isOver) throw fail('host_closed', { id: 'operators' });
    resident.renew(plan, isSameSkill);
    this.#tell({ type: 'operator.replaced', operator: plan.spec.name });
  }

  onStall(): void {
    for (const resident of this.#residents.values())
      if (resident.plan.spec.skill.host === 'recorder') resident.lookNow(true);
  }

  onAnomaly({ skill }: Anomaly): void {
    for (const resident of this.#residents.values())
      if (resident.plan.spec.skill.id === skill) resident.lookNow(false);
  }

  tree(): TreeNode {
    const tree = this.#supervisor.tree();
    const children = [...this.#residents.values()].map((resident) =>
      nodeOf(
        resident,
        tree.children?.find(({ id }) => id === resident.id),
      ),
    );
    return { ...tree, children };
  }

  async stop(): Promise<void> {
    this.#end();
    await this.#supervisor.stop();
    await this.#standby.close();
  }

  #end(): void {
    this.#isOver = true;
    this.#spare.close();
    for (const resident of this.#residents.values()) resident.stop();
  }

  /** Whether it was replaced; it may have come to rest meanwhile. */
  async #replaceAwake(resident: Resident, coming: Coming): Promise<boolean> {
    const { id } = resident;
    this.#coming.set(id, coming);
    try {
      await this.#supervisor.replaceChild(id, resident.childSpec(coming.plan));
      return true;
    } catch (error) {
      // A temporary one is forgotten as soon as it rests.
      if (isError(error, 'actor_not_found')) return false;
      throw error;
    } finally {
      this.#coming.delete(id);
    }
  }

  async #wake(resident: Resident): Promise<void> {
    const { id } = resident;
    try {
      assertRoom(RUN_MB.fromMain - (this.#spare.isThere ? THREAD_MB : 0), this.#headroom);
      // At once: its turn comes after the starts of others.
      this.#standby.prepare(resident.childSpec());
      const isKnown = this.#supervisor.whichChildren().some((child) => child.id === id);
      await (isKnown ? this.#supervisor.restartChild(id) : this.#supervisor.startChild(resident.childSpec()));
    } catch (error) {
      this.#standby.drop(id);
      resident.wakeFailed(error);
    }
  }

  /** Not where memory is short: who needs it then is woken or refused in its time. */
  #prepare(resident: Resident, keepMs?: number): void {
    if (resident.state.phase === 'resting' && shortage(RUN_MB.fromMain, this.#headroom()) === undefined)
      this.#standby.prepare(resident.childSpec(), keepMs);
  }

  /** Rounds that are due in any case are foreseen. What it takes must leave room for a run. */
  #isSpareWanted(): boolean {
    const hasGate = [...this.#residents.values()].some(({ plan }) => plan.gate !== 'always');
    return hasGate && shortage(RUN_MB.fromMain + THREAD_MB, this.#headroom()) === undefined;
  }

  /** Its old spec, if the supervisor has one. */
  async #forget(id: string): Promise<void> {
    const isKnown = this.#supervisor.whichChildren().some((child) => child.id === id);
    if (!isKnown) return;
    await this.#supervisor.terminateChild(id);
    await this.#supervisor.deleteChild(id).catch((error: unknown) => {
      if (!isError(error, 'actor_not_found')) throw error;
    });
  }

  #follow(event: SupervisorEvent): void {
    // A start that was under way is carried through all the same.
    if (this.#isOver) return;
    if (event.type === 'supervisor.gave_up') {
      this.#end();
      this.#tell({ type: event.type, supervisor: event.supervisor, error: toWire(event.error) });
      return;
    }
    const resident = this.#residents.get(event.child);
    if (resident === undefined) return;
    const operator = resident.plan.spec.name;
    switch (event.type) {
      case 'child.started':
        if (event.ref !== undefined) resident.begin(event.ref);
        return;
      case 'child.replaced': {
        const coming = this.#coming.get(event.child);
        if (coming !== undefined) resident.renew(coming.plan, coming.isSameSkill);
        if (event.ref !== undefined) resident.begin(event.ref);
        this.#tell({ type: 'operator.replaced', operator });
        return;
      }
      case 'child.exited':
        resident.exited(event.reason);
        return;
      case 'child.restarting':
        this.#tell({ type: 'operator.restarted', operator, attempt: event.attempt, delayMs: event.delayMs });
        return;
      default:
        event satisfies never;
    }
  }

  #unknown(operator: string): Error {
    const names = [...this.#residents.values()].map(({ plan }) => plan.spec.name);
    return fail('operator_unknown', { operator, available: names.join(', ') || 'none' });
  }
}
