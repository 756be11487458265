// Starts its children in order, restarts them by policy, stops them in reverse; gives up into a clearly told end when
// they fail too often. One change at a time, and never waiting for a backoff: a restart that fails books the next.
import { fail, toWire } from '../errors.ts';
import type { ChildSpec } from './child-spec.ts';
import { type Clock, systemClock } from './clock.ts';
import { describeExit, type ExitReason, failedWith } from './exit.ts';
import type { ActorRef } from './ref.ts';
import {
  affectedBy,
  type Backoff,
  backoffMs,
  countRestart,
  defaultBackoff,
  type Intensity,
  isRestarted,
} from './restart.ts';
import { type Batch, type Child, newChild } from './supervised-child.ts';
import type { ChildInfo, ChildStatus, SupervisorEvent, SupervisorOptions } from './supervisor-options.ts';

const DEFAULT_INTENSITY: Intensity = { maxRestarts: 3, withinMs: 5_000 };

export class Supervisor {
  /** Resolves when it has ended: stopped (`shutdown`) or given up (`failed`). */
  readonly exited: Promise<ExitReason>;
  readonly #options: SupervisorOptions;
  readonly #clock: Clock;
  readonly #intensity: Intensity;
  readonly #backoff: Backoff;
  readonly #children = new Map<string, Child>();
  readonly #markExited: (reason: ExitReason) => void;
  readonly #timers = new Set<() => void>();
  #restarts: readonly number[] = [];
  #queue: Promise<unknown> = Promise.resolve();
  #ended = false;

  constructor(options: SupervisorOptions) {
    const { promise, resolve } = Promise.withResolvers<ExitReason>();
    this.exited = promise;
    this.#markExited = resolve;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#intensity = {
      maxRestarts: options.maxRestarts ?? DEFAULT_INTENSITY.maxRestarts,
      withinMs: options.withinMs ?? DEFAULT_INTENSITY.withinMs,
    };
    this.#backoff = { ...defaultBackoff, ...options.backoff };
  }

  /** Starts the children in order. When one cannot start, those before it are stopped again and its error is thrown. */
  start(specs: readonly ChildSpec[]): Promise<void> {
    return this.#inTurn(async () => {
      const before = new Set(this.#children.keys());
      try {
        for (const spec of specs) await this.#add(spec);
      } catch (error) {
        await this.#stopAll([...this.#children.values()].filter(({ spec }) => !before.has(spec.id)));
        for (const { id } of specs) if (!before.has(id)) this.#children.delete(id);
        throw error;
      }
    });
  }

  /** @throws NodelensError `actor_already_started` when the id is taken, `actor_start_failed`. */
  startChild(spec: ChildSpec): Promise<ActorRef> {
    return this.#inTurn(() => this.#add(spec));
  }

  /** Stops it; its spec stays, for {@link restartChild}, unless it is temporary. @throws `actor_not_found`. */
  terminateChild(id: string): Promise<void> {
    return this.#inTurn(async () => {
      const child = this.#get(id);
      await this.#stop(child);
      if (child.spec.restart === 'temporary') this.#children.delete(id);
    });
  }

  /** Starts a stopped child again. @throws `actor_not_found`, `actor_already_started`, `actor_start_failed`. */
  restartChild(id: string): Promise<ActorRef> {
    return this.#inTurn(async () => {
      const child = this.#get(id);
      if (child.status !== 'stopped') throw fail('actor_already_started', { id });
      return await this.#startNow(child);
    });
  }

  /** The child's actor while it runs. */
  find(id: string): ActorRef | undefined {
    return this.#children.get(id)?.ref;
  }

  /** In start order. */
  whichChildren(): ChildInfo[] {
    return [...this.#children.values()].map(({ spec, status, restarts }) => ({
      id: spec.id,
      status,
      restart: spec.restart,
      restarts,
    }));
  }

  countChildren(): { readonly [S in ChildStatus]: number } {
    const counts = { running: 0, restarting: 0, stopped: 0 };
    for (const { status } of this.#children.values()) counts[status] += 1;
    return counts;
  }

  /** Stops the children in reverse order. Idempotent. */
  async stop(): Promise<void> {
    if (!this.#ended) await this.#inTurn(() => this.#end({ kind: 'shutdown' })).catch(ignoreLate);
    await this.exited;
  }

  async #add(spec: ChildSpec): Promise<ActorRef> {
    if (this.#children.has(spec.id)) throw fail('actor_already_started', { id: spec.id });
    const child = newChild(spec);
    this.#children.set(spec.id, child);
    try {
      return await this.#startNow(child);
    } catch (error) {
      this.#children.delete(spec.id);
      throw error;
    }
  }

  async #startNow(child: Child): Promise<ActorRef> {
    const { host, prepare } = this.#options;
    const ref = await host.start(child.spec, await prepare?.(child.spec));
    if (child.batch !== undefined) child.restarts += 1;
    Object.assign(child, { status: 'running', ref, batch: undefined, startedAtMs: this.#clock.now() });
    void ref.exited.then((reason) => this.#inTurn(() => this.#onExit(child, ref, reason)).catch(ignoreLate));
    this.#tell({ type: 'child.started', child: child.spec.id, ref });
    return ref;
  }

  async #onExit(child: Child, ref: ActorRef, reason: ExitReason): Promise<void> {
    // Stopped by us, or replaced already.
    if (child.ref !== ref) return;
    this.#markDown(child, reason);
    if (this.#clock.now() - child.startedAtMs > this.#intensity.withinMs) child.attempt = 0;
    if (isRestarted(child.spec.restart, reason)) return await this.#restart(child, reason);
    if (child.spec.restart === 'temporary') this.#children.delete(child.spec.id);
  }

  /** Takes the affected children down and books their return. */
  async #restart(failed: Child, reason: ExitReason): Promise<void> {
    const counted = countRestart(this.#restarts, this.#clock.now(), this.#intensity);
    this.#restarts = counted.restarts;
    if (counted.isExceeded) return await this.#giveUp(reason);
    const ids = affectedBy(
      this.#options.strategy ?? 'one_for_one',
      [...this.#children.keys()],
      failed.spec.id,
    );
    const affected = ids
      .map((id) => this.#get(id))
      .filter((child) => child === failed || child.status !== 'stopped');
    await this.#stopAll(affected);
    // As in OTP, a temporary sibling goes down with the others but does not come back.
    for (const { spec } of affected) if (spec.restart === 'temporary') this.#children.delete(spec.id);
    this.#book(
      failed,
      affected.filter(({ spec }) => spec.restart !== 'temporary'),
    );
  }

  #book(failed: Child, batch: Batch): void {
    for (const child of batch) Object.assign(child, { status: 'restarting', batch });
    failed.attempt += 1;
    const delayMs = backoffMs(failed.attempt, this.#backoff, this.#options.random ?? Math.random);
    this.#tell({ type: 'child.restarting', child: failed.spec.id, attempt: failed.attempt, delayMs });
    const undo = this.#clock.after(delayMs, () => {
      this.#timers.delete(undo);
      this.#inTurn(() => this.#bringBack(batch)).catch(ignoreLate);
    });
    this.#timers.add(undo);
  }

  async #bringBack(batch: Batch): Promise<void> {
    for (const child of batch) {
      // Terminated, started by hand or booked anew in the meantime.
      if (child.batch !== batch) continue;
      try {
        await this.#startNow(child);
      } catch (error) {
        return await this.#restart(child, failedWith(error));
      }
    }
  }

  async #giveUp(last: ExitReason): Promise<void> {
    const { id } = this.#options;
    const { maxRestarts, withinMs } = this.#intensity;
    const data = { id, restarts: maxRestarts + 1, withinMs, reason: describeExit(last) };
    const error = fail('supervisor_gave_up', data);
    await this.#end({ kind: 'failed', error: toWire(error) }, () => this.#options.onGaveUp?.(error));
  }

  async #end(reason: ExitReason, tell?: () => void): Promise<void> {
    this.#ended = true;
    for (const undo of this.#timers) undo();
    await this.#stopAll([...this.#children.values()]);
    tell?.();
    this.#markExited(reason);
  }

  /** In reverse start order. */
  async #stopAll(children: readonly Child[]): Promise<void> {
    for (const child of children.toReversed()) await this.#stop(child);
  }

  async #stop(child: Child): Promise<void> {
    const { ref } = child;
    Object.assign(child, { status: 'stopped', ref: undefined, batch: undefined });
    if (ref === undefined) return;
    await this.#options.host.stop(ref);
    this.#markDown(child, await ref.exited);
  }

  #markDown(child: Child, reason: ExitReason): void {
    Object.assign(child, { status: 'stopped', ref: undefined });
    this.#tell({ type: 'child.exited', child: child.spec.id, reason });
  }

  #tell(event: SupervisorEvent): void {
    this.#options.onEvent?.(event);
  }

  #get(id: string): Child {
    const child = this.#children.get(id);
    if (child === undefined) throw fail('actor_not_found', { id });
    return child;
  }

  /** One change at a time; refused after the end. */
  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(() => {
      if (this.#ended) throw fail('host_closed', { id: this.#options.id });
      return change();
    });
    this.#queue = turn.catch(() => {});
    return turn;
  }
}

/** A change that was queued before the end and comes after it has nothing left to do. */
function ignoreLate(error: unknown): void {
  if ((error as { code?: unknown }).code !== 'host_closed') throw error;
}
