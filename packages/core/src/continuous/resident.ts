// A resident: a continuous operator as the recorder thread keeps it. It looks through the gate at each sample of its
// skill, asks to be woken, gives its memory to the thread that comes, and takes it back when the thread has ended.

import { describeExit, type ExitReason, isClean } from '../actor/exit.ts';
import type { ActorRef } from '../actor/messages/ref.ts';
import type { ChildSpec } from '../actor/supervision/child-spec.ts';
import { reasonOf } from '../errors.ts';
import { type Id, randomId } from '../ids.ts';
import type { Memory, Reported } from '../operator/memory.ts';
import type { OperatorEvent } from '../operator/spec.ts';
import type { Sample } from '../recorder/sampling.ts';
import { attend } from './attend.ts';
import { causesIn } from './causes-in.ts';
import { childId, childSpec, type ResidentPlan } from './resident-plan.ts';
import {
  begun,
  initialResident,
  inPhase,
  isForeseen,
  judged,
  looked,
  notified,
  type ResidentRules,
  type ResidentState,
  type RoundOutcome,
  renewed,
  rested,
  restsForMs,
  rounded,
  wakeFailed,
} from './resident-state.ts';
import type { ResidentHands, ResidentWorld } from './resident-world.ts';

/** A look takes some of it; what comes of it is known by then. */
const LOOK_MS = 1_000;

export class Resident {
  /** One for its life: what it reports over time belongs together. */
  readonly #investigationId: Id = randomId();
  readonly #world: ResidentWorld;
  readonly #hands: ResidentHands;
  #plan: ResidentPlan;
  #state: ResidentState;
  #unfollow: () => void = () => undefined;
  #armed: (() => void)[] = [];
  #isLooking = false;
  /** Counts versions: what a look of an earlier one found is of no use to the next. */
  #version = 0;
  #isStall = false;
  #roundAtMs = Number.NEGATIVE_INFINITY;
  /** Of the life that counts: an old version may still be ending. */
  #ref: ActorRef | undefined;

  constructor(
    { plan, memory }: { readonly plan: ResidentPlan; readonly memory: Memory },
    world: ResidentWorld,
    hands: ResidentHands,
  ) {
    this.#plan = plan;
    this.#state = initialResident(memory);
    this.#world = world;
    this.#hands = hands;
  }

  get plan(): ResidentPlan {
    return this.#plan;
  }

  get state(): ResidentState {
    return this.#state;
  }

  get id(): string {
    return childId(this.#plan.spec.name);
  }

  childSpec(plan: ResidentPlan = this.#plan): ChildSpec {
    return childSpec(plan, this.#investigationId);
  }

  /** Looks from now on, the first time at once. */
  start(): void {
    const { skill, limits } = this.#plan.spec;
    this.#version += 1;
    this.#isLooking = false;
    this.#unfollow();
    this.#unfollow = this.#world.sampling.follow(skill.id, limits.roundEveryMs, (sample) => {
      if (!this.#isLooking) void this.#look(sample);
    });
  }

  /** Looks out of turn. */
  lookNow(isStall: boolean): void {
    this.#isStall ||= isStall;
    this.#world.sampling.now(this.#plan.spec.skill.id);
  }

  /** Its thread is ready. */
  begin(ref: ActorRef): void {
    this.#ref = ref;
    this.#set(begun(this.#state));
    const { why = 'start', detail = '' } = this.#state.woken ?? {};
    attend(ref, {
      spec: this.#plan.spec,
      investigationId: this.#investigationId,
      memory: this.#state.memory,
      wokenBy: `${why} ${detail}`.trim(),
      onEvent: (event) => this.#hear(event),
      onRound: (outcome) => ref === this.#ref && this.#finish(outcome),
    });
  }

  /** Its thread has ended. */
  exited(reason: ExitReason): void {
    this.#ref = undefined;
    if (this.#state.phase === 'stopped') return;
    if (isClean(reason)) this.#hibernate();
    else {
      this.#tellFailed(describeExit(reason));
      this.#set(inPhase(this.#state, this.#plan.spec.restart === 'temporary' ? 'stopped' : 'restarting'));
    }
  }

  /** There was no thread for it. */
  wakeFailed(error: unknown): void {
    if (this.#state.phase !== 'waking') return;
    this.#tellFailed(reasonOf(error));
    this.#set(wakeFailed(this.#state, { ...this.#rules, nowMs: this.#world.clock.now() }));
  }

  /** It is a new version from now on. */
  renew(plan: ResidentPlan, isSameSkill: boolean): void {
    // What is still wrong is news to the new skill; that the rest is over, nobody would tell.
    if (!isSameSkill) this.#tellOver(this.#state.memory.reported);
    this.#plan = plan;
    this.#set(renewed(this.#state, isSameSkill));
    this.start();
  }

  /** Nobody wakes it until it is renewed. */
  stop(): void {
    this.#unfollow();
    this.#set(inPhase(this.#state, 'stopped'));
  }

  get #rules(): ResidentRules {
    const { gate, spec } = this.#plan;
    const { repeatAfterMs, roundEveryMs } = spec.limits;
    return { gate, repeatAfterMs, roundEveryMs };
  }

  async #look(sample: Sample): Promise<void> {
    this.#isLooking = true;
    const version = this.#version;
    const { history } = this.#state.memory;
    const causes = await causesIn(sample, { plan: this.#plan, history, world: this.#world });
    if (version !== this.#version) return;
    this.#isLooking = false;
    const isStall = this.#isStall;
    this.#isStall = false;
    if (causes === undefined || this.#state.phase === 'stopped') return;
    const { atMs } = sample;
    const isInTurn = atMs - this.#roundAtMs >= this.#rules.roundEveryMs / 2 || atMs < this.#roundAtMs;
    if (isInTurn) this.#roundAtMs = atMs;
    const roundData = isInTurn && 'data' in sample ? sample.data : undefined;
    const after = looked(this.#state, { causes, atMs, isStall, roundData }, this.#rules);
    this.#set(after.state);
    this.#tellOver(after.over);
    if (after.wake === undefined) return;
    this.#world.tell({ type: 'operator.woken', operator: this.#plan.spec.name, ...after.wake });
    this.#hands.wake();
  }

  #hear(event: OperatorEvent): void {
    if (event.type === 'operator.notification')
      this.#set(notified(this.#state, event.notification, this.#world.clock.now()));
    if (event.type === 'operator.state_changed') this.#set(judged(this.#state, event.state, event.reason));
    this.#world.tell({ ...event, investigationId: this.#investigationId });
  }

  #finish(outcome: RoundOutcome): void {
    const nowMs = this.#world.clock.now();
    const { state, over } = rounded(this.#state, outcome, { ...this.#rules, nowMs });
    this.#set(state);
    this.#tellOver(over);
  }

  #hibernate(): void {
    this.#set(rested(this.#state));
    const wakeInMs = restsForMs(this.#state, { ...this.#rules, nowMs: this.#world.clock.now() });
    this.#world.tell({ type: 'operator.hibernated', operator: this.#plan.spec.name, wakeInMs });
  }

  #tellFailed(message: string): void {
    const operator = this.#plan.spec.name;
    this.#world.tell({ type: 'operator.failed', investigationId: this.#investigationId, operator, message });
  }

  #tellOver(over: readonly Reported[]): void {
    const nowMs = this.#world.clock.now();
    for (const { id, investigationId, type, subjects, sinceMs } of over)
      this.#world.tell({
        type: 'finding.resolved',
        investigationId,
        operator: this.#plan.spec.name,
        notificationId: id,
        findingType: type,
        subjects,
        lastedMs: Math.max(0, nowMs - sinceMs),
      });
  }

  /** With the timers for a look that is due between two samples, and for a thread that is there by then. */
  #set(state: ResidentState): void {
    this.#state = state;
    for (const disarm of this.#armed) disarm();
    this.#armed = [];
    if (state.phase !== 'resting' || state.lookAgainAtMs === undefined) return;
    const { clock } = this.#world;
    // A timer may fire a moment early by the wall clock, and the look then comes too soon: it is due as long as it stands.
    const leftMs = Math.max(1, state.lookAgainAtMs - clock.now());
    this.#armed.push(clock.after(leftMs, () => this.lookNow(false)));
    if (!isForeseen(state, this.#rules)) return;
    const leadMs = Math.min(this.#hands.leadMs(), leftMs);
    const ahead = (): void => this.#hands.prepare(leadMs + LOOK_MS);
    this.#armed.push(clock.after(leftMs - leadMs, ahead));
  }
}
