// A resident: a continuous operator as the recorder thread keeps it. It looks through the gate at each sample of its
// skill, asks to be woken, gives its memory to the thread that comes, and takes it back when the thread has ended.
import type { ChildSpec } from '../actor/child-spec.ts';
import type { Clock } from '../actor/clock.ts';
import { describeExit, type ExitReason, isClean } from '../actor/exit.ts';
import type { ActorRef } from '../actor/ref.ts';
import { isError, reasonOf } from '../errors.ts';
import { type Id, randomId } from '../ids.ts';
import type { JsonObject } from '../json.ts';
import type { CheckFinding } from '../llm/briefing.ts';
import type { Memory, Reported } from '../operator/memory.ts';
import type { OperatorEvent } from '../operator/spec.ts';
import type { Sample, Sampling } from '../recorder/sampling.ts';
import type { SkillDescriptor } from '../skill-host.ts';
import type { Anomaly } from '../telemetry/continuous-events.ts';
import type { LensEvent } from '../telemetry/events.ts';
import { attend } from './attend.ts';
import { type Cause, causeOfAnomaly, causeOfCheck, SNAPSHOT_FAILED } from './cause.ts';
import { childId, childSpec, type ResidentPlan } from './resident-plan.ts';
import {
  begun,
  initialResident,
  inPhase,
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

export interface ResidentWorld {
  readonly sampling: Pick<Sampling, 'follow' | 'now'>;
  /** The checks of the skill, wherever it lives. */
  readonly check: (
    skill: SkillDescriptor,
    data: JsonObject,
    history: readonly JsonObject[],
  ) => Promise<readonly CheckFinding[]>;
  /** Those that are going on, of all skills. */
  readonly anomalies: () => readonly Anomaly[];
  readonly clock: Clock;
  readonly tell: (event: LensEvent) => void;
}

export class Resident {
  /** One for its life: what it reports over time belongs together. */
  readonly #investigationId: Id = randomId();
  readonly #world: ResidentWorld;
  readonly #wake: (resident: Resident) => void;
  #plan: ResidentPlan;
  #state: ResidentState;
  #unfollow: () => void = () => undefined;
  #disarm: () => void = () => undefined;
  #isLooking = false;
  /** Counts versions: what a look of an earlier one found is of no use to the next. */
  #version = 0;
  #isStall = false;
  #roundAtMs = Number.NEGATIVE_INFINITY;
  /** Of the life that counts: an old version may still be ending. */
  #ref: ActorRef | undefined;

  /** @param wake starts its thread: `begin` or `wakeFailed` follows. */
  constructor(
    { plan, memory }: { readonly plan: ResidentPlan; readonly memory: Memory },
    world: ResidentWorld,
    wake: (resident: Resident) => void,
  ) {
    this.#plan = plan;
    this.#state = initialResident(memory);
    this.#world = world;
    this.#wake = wake;
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
    const causes = await this.#causesIn(sample);
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
    this.#wake(this);
  }

  /** Undefined: main does not answer for its own skill, which others look into. */
  async #causesIn(sample: Sample): Promise<readonly Cause[] | undefined> {
    const { spec, gate } = this.#plan;
    try {
      if ('error' in sample) throw sample.error;
      const findings = await this.#world.check(spec.skill, sample.data, this.#state.memory.history);
      const anomalies =
        gate === 'checks' ? [] : this.#world.anomalies().filter(({ skill }) => skill === spec.skill.id);
      return [...findings.map(causeOfCheck), ...anomalies.map(causeOfAnomaly)];
    } catch (error) {
      const isMainSilent = spec.skill.host === 'main' && isError(error) && error.code.startsWith('rpc_');
      return isMainSilent ? undefined : [SNAPSHOT_FAILED];
    }
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

  /** With the timer for a look that is due between two samples. */
  #set(state: ResidentState): void {
    this.#state = state;
    this.#disarm();
    this.#disarm = () => undefined;
    if (state.phase !== 'resting' || state.lookAgainAtMs === undefined) return;
    const leftMs = state.lookAgainAtMs - this.#world.clock.now();
    if (leftMs > 0) this.#disarm = this.#world.clock.after(leftMs, () => this.lookNow(false));
  }
}
