// Starts its children in order, restarts them by policy, stops them in reverse; gives up into a clearly told end when
// they fail too often. One change at a time, and never waiting for a backoff: a restart that fails books the next.
import { fail, toWire } from '../../errors.ts';
import { type Clock, systemClock } from '../clock.ts';
import { describeExit, type ExitReason, failedWith } from '../exit.ts';
import type { ActorRef } from '../messages/ref.ts';
import type { ChildSpec } from './child-spec.ts';
import { Children } from './children.ts';
import { beginLife, type Life } from './life.ts';
import { affectedBy, isRestarted } from './restart.ts';
import { Restarts } from './restarts.ts';
import { type Batch, type Child, childInfo, supervisorNode } from './supervised-child.ts';
import type { ChildCounts, ChildInfo, SupervisorEvent, SupervisorOptions } from './supervisor-options.ts';
import { type AnyChildSpec, type ChildChanges, newVersion, type SupervisorSpec } from './supervisor-spec.ts';
import type { TreeNode } from './tree.ts';
import { Turns } from './turns.ts';

/** Its own event, without its name. */
type Told<E = SupervisorEvent> = E extends SupervisorEvent ? Omit<E, 'supervisor'> : never;

export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #clock: Clock;
  readonly #restarts: Restarts;
  readonly #turns: Turns;
  readonly #children = new Children();
  readonly #ended = Promise.withResolvers<ExitReason>();
  readonly #startedAtMs: number;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#startedAtMs = this.#clock.now();
    this.#turns = new Turns(options.id, () => this.#options.onChange?.());
    this.#restarts = new Restarts(this.#clock, options);
  }

  /** Resolves when it has ended: stopped (`shutdown`) or given up (`failed`). */
  get exited(): Promise<ExitReason> {
    return this.#ended.promise;
  }

  /** Starts the children in order. When one cannot start, those before it are stopped again and its error is thrown. */
  start(specs: readonly AnyChildSpec[]): Promise<void> {
    return this.#turns.take(async () => {
      const added: Child[] = [];
      try {
        for (const spec of specs) added.push(await this.#add(spec));
      } catch (error) {
        await this.#stopAll(added);
        for (const { spec } of added) this.#children.delete(spec.id);
        throw error;
      }
    });
  }

  /** @throws NodelensError `actor_already_started` when the id is taken, `actor_start_failed`: nothing of it is kept. */
  startChild(spec: ChildSpec): Promise<ActorRef>;
  startChild(spec: SupervisorSpec): Promise<Supervisor>;
  startChild(spec: AnyChildSpec): Promise<ActorRef | Supervisor> {
    return this.#turns.take(async () => {
      const { life } = await this.#add(spec);
      return (life?.actor ?? life?.supervisor) as ActorRef | Supervisor;
    });
  }

  /**
   * Stops it, or cancels its restart; its spec stays, unless it is temporary. It comes back by {@link restartChild},
   * and with its siblings when they are restarted together (`one_for_all`, `rest_for_one`). @throws `actor_not_found`.
   */
  terminateChild(id: string): Promise<void> {
    return this.#turns.take(async () => {
      const child = this.#children.get(id);
      await this.#stop(child);
      this.#children.forgetIfTemporary(child);
    });
  }

  /** Starts a stopped child again. @throws `actor_not_found`, `actor_already_started`, `actor_start_failed`. */
  restartChild(id: string): Promise<void> {
    return this.#turns.take(async () => {
      const child = this.#children.get(id);
      if (child.status !== 'stopped') throw fail('actor_already_started', { id });
      await this.#revive(child);
    });
  }

  /** Forgets a stopped child. @throws `actor_not_found`, `actor_not_stopped`. */
  deleteChild(id: string): Promise<void> {
    return this.#turns.take(async () => {
      const { status } = this.#children.get(id);
      if (status !== 'stopped') throw fail('actor_not_stopped', { id, status });
      this.#children.delete(id);
    });
  }

  /**
   * Puts a new version in the place of a child: it is started first, and only when it is ready it takes over and the
   * old one is stopped. When it cannot start, its error is thrown and the old one goes on. Its module is loaded anew
   * (not what that imports). No restart: it counts for nothing, and a child that waited for one runs at once.
   * @throws `actor_not_found`, `actor_start_failed`.
   */
  replaceChild(id: string, changes: ChildChanges): Promise<void> {
    return this.#turns.take(async () => {
      const child = this.#children.get(id);
      const spec = newVersion(child.spec, changes);
      const life = await beginLife(spec, this.#options, create);
      const { life: old } = child;
      Object.assign(child, { spec, attempt: 0 });
      this.#enter(child, life, 'child.replaced');
      if (old === undefined) return;
      await old.stop();
      child.lastExit = { reason: describeExit(await old.exited), atMs: this.#clock.now() };
    });
  }

  /** The child's actor while it runs. */
  find(id: string): ActorRef | undefined {
    return this.#children.find(id)?.life?.actor;
  }

  /** The child that is a supervisor, while it runs. */
  findSupervisor(id: string): Supervisor | undefined {
    // All below it are made by it.
    return this.#children.find(id)?.life?.supervisor as Supervisor | undefined;
  }

  /** In start order. */
  whichChildren(): ChildInfo[] {
    return this.#children.all().map(childInfo);
  }

  countChildren(): ChildCounts {
    return this.#children.count();
  }

  /** It and all below it, in start order. */
  tree(): TreeNode {
    const startedAtMs = this.#turns.isOver ? undefined : this.#startedAtMs;
    return supervisorNode(this.#options, this.#children.all(), startedAtMs);
  }

  /** Stops the children in reverse order. Idempotent. */
  async stop(): Promise<void> {
    this.#turns.takeIfOpen(() => this.#end({ kind: 'shutdown' }));
    await this.exited;
  }

  async #add(spec: AnyChildSpec): Promise<Child> {
    const child = this.#children.add(spec);
    try {
      await this.#revive(child);
      return child;
    } catch (error) {
      this.#children.delete(spec.id);
      throw error;
    }
  }

  async #revive(child: Child): Promise<void> {
    const life = await beginLife(child.spec, this.#options, create);
    if (child.batch !== undefined) child.restarts += 1;
    this.#enter(child, life, 'child.started');
  }

  #enter(child: Child, life: Life, type: 'child.started' | 'child.replaced'): void {
    Object.assign(child, { status: 'running', life, batch: undefined, startedAtMs: this.#clock.now() });
    void life.exited.then((reason) => this.#turns.takeIfOpen(() => this.#onExit(child, life, reason)));
    this.#tell({ type, child: child.spec.id, ...(life.actor && { ref: life.actor }) });
  }

  async #onExit(child: Child, life: Life, reason: ExitReason): Promise<void> {
    // Stopped by us, or replaced already.
    if (child.life !== life) return;
    this.#markDown(child, reason);
    if (this.#clock.now() - child.startedAtMs > this.#restarts.intensity.withinMs) child.attempt = 0;
    if (isRestarted(child.spec.restart, reason)) return await this.#restart(child, reason);
    this.#children.forgetIfTemporary(child);
  }

  /** Takes the affected children down and books their return, stopped ones included, as in OTP. */
  async #restart(failed: Child, reason: ExitReason): Promise<void> {
    if (this.#restarts.isTooMany(reason)) return await this.#giveUp(reason);
    const { strategy = 'one_for_one' } = this.#options;
    const ids = affectedBy(strategy, this.#children.ids(), failed.spec.id);
    const affected = ids.map((id) => this.#children.get(id));
    await this.#stopAll(affected);
    // As in OTP, a temporary sibling goes down with the others but does not come back.
    for (const child of affected) this.#children.forgetIfTemporary(child);
    const batch = affected.filter(({ spec }) => spec.restart !== 'temporary');
    for (const child of batch) Object.assign(child, { status: 'restarting', batch });
    const attempt = ++failed.attempt;
    const delayMs = this.#restarts.book(attempt, () => this.#turns.takeIfOpen(() => this.#bringBack(batch)));
    this.#tell({ type: 'child.restarting', child: failed.spec.id, attempt, delayMs });
  }

  async #bringBack(batch: Batch): Promise<void> {
    for (const child of batch) {
      // Terminated, started by hand or booked anew in the meantime.
      if (child.batch !== batch) continue;
      try {
        await this.#revive(child);
      } catch (error) {
        return await this.#restart(child, failedWith(error));
      }
    }
  }

  async #giveUp(last: ExitReason): Promise<void> {
    const error = this.#restarts.tooManyError(this.#options.id, last);
    await this.#end({ kind: 'failed', error: toWire(error) }, { type: 'supervisor.gave_up', error });
  }

  async #end(reason: ExitReason, told?: Told): Promise<void> {
    this.#turns.close();
    this.#restarts.cancelAll();
    await this.#stopAll(this.#children.all());
    if (told !== undefined) this.#tell(told);
    this.#ended.resolve(reason);
  }

  async #stopAll(inStartOrder: readonly Child[]): Promise<void> {
    for (const child of inStartOrder.toReversed()) await this.#stop(child);
  }

  async #stop(child: Child): Promise<void> {
    const { life } = child;
    Object.assign(child, { status: 'stopped', life: undefined, batch: undefined });
    if (life === undefined) return;
    await life.stop();
    this.#markDown(child, await life.exited);
  }

  #markDown(child: Child, reason: ExitReason): void {
    const lastExit = { reason: describeExit(reason), atMs: this.#clock.now() };
    Object.assign(child, { status: 'stopped', life: undefined, lastExit });
    this.#tell({ type: 'child.exited', child: child.spec.id, reason });
  }

  #tell(told: Told): void {
    this.#options.onEvent?.({ supervisor: this.#options.id, ...told } as SupervisorEvent);
    this.#options.onChange?.();
  }
}

const create = (options: SupervisorOptions): Supervisor => new Supervisor(options);
