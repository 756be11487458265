// The ten tools of an operator. They check what the model claims and change state only through the reducer.
import { hostname } from 'node:os';
import * as v from 'valibot';
import type { Clock } from '../actor/clock.ts';
import { pause } from '../agent/abort.ts';
import { capped, RESULT_CHARS } from '../agent/cap.ts';
import { answer, createTool, refuse, type Tool, type ToolDefinition } from '../agent/tool.ts';
import { type Id, randomId } from '../ids.ts';
import { asJson, type JsonObject } from '../json.ts';
import type { Keeper } from '../recorder/store/client.ts';
import { redact } from '../redact.ts';
import { execute, type ScriptRunner } from './execute.ts';
import { keepThenTell } from './keep.ts';
import type { Reported } from './memory.ts';
import type { Notification, Snapshot } from './notification.ts';
import type { SkillAccess } from './skill-access.ts';
import type { OperatorEvent, OperatorLimits, OperatorSpec } from './spec.ts';
import type { OperatorChange, OperatorState } from './state.ts';
import { type ToolName, toolSchemas } from './tool-schemas.ts';
import { findEvidence, notificationView, severitySchema, subjectSchema, textSchema } from './verify.ts';

/** What the tools of one run work on. */
export interface OperatorDesk {
  readonly spec: OperatorSpec;
  readonly investigationId: Id;
  readonly clock: Clock;
  readonly skill: SkillAccess;
  readonly sandbox: ScriptRunner;
  readonly keeper: Pick<Keeper, 'keep'>;
  state(): OperatorState;
  apply(change: OperatorChange): void;
  emit(event: OperatorEvent): void;
  /** Whether the script is one of the skill's own (a check's), written to be read whole. */
  isAuthored(code: string): boolean;
  /** What was said about the same thing in this round or an earlier one; nothing in on-demand mode. */
  reportedBefore(found: Pick<Notification, 'type' | 'subjects' | 'severity'>): Reported | undefined;
}

/** Below the cap of a result, so that a snapshot keeps its id however large its data is. */
const SNAPSHOT_CHARS = 12_000;
/** What the sandbox lets out. Only a model that works from the briefing knows such scripts: it pays no tokens. */
const AUTHORED_CHARS = 65_536;
/** Within a run. */
const MAX_WAIT_MS = 600_000;
/** Between rounds of continuous mode. */
const MAX_ROUND_WAIT_MS = 3_600_000;

export const operatorTools = (desk: OperatorDesk): readonly Tool[] => [
  setState(desk),
  sendNotification(desk),
  getNotifications(desk),
  takeSnapshot(desk),
  getSnapshot(desk),
  getSnapshots(desk),
  executeScript(desk),
  waitTool(desk),
  thinkTool,
  doneTool,
];

const ownTool = <const E extends v.ObjectEntries>(
  definition: ToolDefinition<E> & { readonly name: ToolName },
): Tool => createTool(definition, toolSchemas[definition.name]);

const setState = (desk: OperatorDesk): Tool =>
  ownTool({
    name: 'set_state',
    description: 'Sets the health that you judge your domain to be in.',
    params: {
      state: v.picklist(['healthy', 'observing', 'warning', 'critical']),
      reason: v.optional(v.string(), ''),
    },
    run: ({ state, reason }) => {
      desk.apply({ type: 'health.set', health: state });
      const operator = desk.spec.name;
      desk.emit({ type: 'operator.state_changed', operator, state, reason: redact(reason) as string });
      return answer({ state });
    },
  });

const sendNotification = (desk: OperatorDesk): Tool =>
  ownTool({
    name: 'send_notification',
    description:
      'Reports an anomaly: facts with figures in context and observation, guesses in hypothesis, and in subjects what it is about (function, collection, endpoint, …), with file and line where known.',
    params: {
      type: textSchema,
      severity: severitySchema,
      context: textSchema,
      observation: textSchema,
      hypothesis: v.optional(v.nullable(v.string())),
      snapshot_ids: v.array(v.string()),
      subjects: v.optional(v.array(subjectSchema), []),
    },
    run: async ({ snapshot_ids, hypothesis, ...found }, { signal }) => {
      const evidence = findEvidence(snapshot_ids, desk.state().snapshots);
      if (!evidence.ok) return refuse(evidence.reason);
      const before = desk.reportedBefore(found);
      if (before !== undefined) {
        const { id, severity, observation, reportedAtMs } = before;
        desk.apply({ type: 'notification.confirmed', id });
        const reportedAt = new Date(reportedAtMs).toISOString();
        const note = 'Reported already, and it has not become worse.';
        return answer({ sent: false, note, before: { id, severity, observation, reportedAt } });
      }
      const draft: Notification = {
        id: randomId(),
        investigationId: desk.investigationId,
        operator: desk.spec.name,
        ...found,
        ...(hypothesis && { hypothesis }),
        snapshots: evidence.snapshots,
        detectedAt: new Date(desk.clock.now()).toISOString(),
        process: { hostname: hostname(), pid: process.pid },
      };
      const notification = redact(asJson(draft)) as unknown as Notification;
      desk.apply({ type: 'notification.sent', notification });
      const unkept = await keepThenTell(
        desk.keeper,
        { kind: 'notification', notification },
        {
          signal,
          tell: (mark) =>
            desk.emit({ type: 'operator.notification', operator: desk.spec.name, notification, ...mark }),
        },
      );
      return answer({ sent: true, id: notification.id, ...unkept });
    },
  });

const getNotifications = (desk: OperatorDesk): Tool =>
  ownTool({
    name: 'get_notifications',
    description: 'The notifications that you sent in this run, oldest first.',
    params: {},
    run: () => answer(desk.state().notifications.map(notificationView)),
  });

const takeSnapshot = (desk: OperatorDesk): Tool =>
  ownTool({
    name: 'take_snapshot',
    description: 'Captures the figures of your domain now; answers { id, skill, capturedAt, data }.',
    params: {},
    run: async () => {
      const data = redact(await desk.skill.snapshot()) as JsonObject;
      const capturedAt = new Date(desk.clock.now()).toISOString();
      const snapshot: Snapshot = { id: randomId(), skill: desk.skill.descriptor.id, capturedAt, data };
      desk.apply({ type: 'snapshot.taken', snapshot });
      return answer(snapshotView(snapshot));
    },
  });

const getSnapshot = (desk: OperatorDesk): Tool =>
  ownTool({
    name: 'get_snapshot',
    description: 'One snapshot of this run by its id.',
    params: { id: v.string() },
    run: ({ id }) => {
      const { snapshots } = desk.state();
      const found = snapshots.find((snapshot) => snapshot.id === id);
      if (found !== undefined) return answer(snapshotView(found));
      const taken = snapshots.map((snapshot) => snapshot.id).join(', ') || 'none';
      return refuse(`There is no snapshot "${id}" in this run. Taken: ${taken}.`);
    },
  });

const getSnapshots = (desk: OperatorDesk): Tool =>
  ownTool({
    name: 'get_snapshots',
    description: 'The snapshots of this run, newest first.',
    params: {
      limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 10),
      offset: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
    },
    run: ({ limit, offset }) =>
      answer(
        desk
          .state()
          .snapshots.toReversed()
          .slice(offset, offset + limit)
          .map(snapshotView),
      ),
  });

const executeScript = (desk: OperatorDesk): Tool =>
  ownTool({
    name: 'execute',
    description: `Runs JavaScript in a sandbox and answers the JSON that it returns, cut after ${RESULT_CHARS} characters: return what you need of a long list. Only the callbacks of your instructions exist beside the language: \`const m = await name(); return m.field\`.`,
    params: { code: textSchema },
    run: async ({ code }, { signal }) => {
      const outcome = await execute(desk.sandbox, desk.skill, { code, signal });
      return outcome.ok && desk.isAuthored(code) ? { ...outcome, maxChars: AUTHORED_CHARS } : outcome;
    },
  });

/** Whether a wait is so long that it ends the round of a continuous operator. */
export const isRoundWait = (ms: unknown, { roundEveryMs }: OperatorLimits): boolean =>
  typeof ms === 'number' && ms >= roundEveryMs;

const waitTool = ({ spec, clock, apply }: OperatorDesk): Tool =>
  // The same words in both modes: tools stand before all else in what a provider caches.
  ownTool({
    name: 'wait',
    description: 'Waits so many ms before you look again.',
    params: { ms: v.pipe(v.number(), v.minValue(0), v.maxValue(MAX_ROUND_WAIT_MS)) },
    run: async ({ ms }, { signal }) => {
      if (spec.mode === 'continuous' && isRoundWait(ms, spec.limits)) {
        apply({ type: 'round.paced', waitMs: ms });
        return answer({ roundEnds: true });
      }
      const waited = Math.min(ms, MAX_WAIT_MS);
      await pause(clock, waited, signal);
      return answer({ waited });
    },
  });

/** The coordinator has the same one. */
export const thinkTool: Tool = ownTool({
  name: 'think',
  description: 'Notes a thought; nothing else happens.',
  params: { thought: v.string() },
  run: ({ thought }) => answer({ thought, recorded: true }),
});

const doneTool: Tool = ownTool({
  name: 'done',
  description: 'Ends the run. Everything that you found must have been sent by then.',
  params: {},
  run: () => answer({ done: true }),
});

const snapshotView = ({ data, ...rest }: Snapshot): object => ({
  ...rest,
  data: capped(data, SNAPSHOT_CHARS),
});
