// What the recorder thread does for the control socket: status, snapshots, live events, and investigations that run
// beside main. Their events reach main too, so that `lens.on` and diagnostics_channel tell the whole story.
import { openPort } from '../actor/hosts/services.ts';
import { reasonOf } from '../errors.ts';
import { asJson, type JsonObject } from '../json.ts';
import type { OperatorPlan } from '../operator/plan.ts';
import type { PreviousLife } from '../recorder/black-box/previous-life.ts';
import { type ControlHandlers, startControlServer } from '../recorder/control/control.ts';
import type { RecorderParts } from '../recorder/run-recorder.ts';
import type { HubExtension, RecorderHub } from './hub.ts';
import type { RecorderInit, RecorderNews } from './recorder-init.ts';
import { createSkillReader } from './skill-reader.ts';
import { createTreeDesk } from './tree-desk.ts';
import { askUsage } from './usage.ts';

/** Starts the control socket on the recorder thread, if the system wants one. */
export const controlDesk: HubExtension = (parts, hub) => {
  const { control } = hub.init;
  if (control === null) return () => undefined;
  const news = (message: RecorderNews): void => parts.postToMain(asJson(message));
  const desk = createDesk(parts, hub);
  const server = startControlServer({ pid: process.pid, handlers: desk.handlers, ...control });
  server.then(
    ({ path }) => news({ type: 'control.listening', path }),
    (error: unknown) => news({ type: 'control.failed', message: reasonOf(error) }),
  );
  return async () => {
    await server.then((listening) => listening.close()).catch(() => undefined);
    desk.close();
  };
};

interface Desk {
  readonly handlers: ControlHandlers;
  close(): void;
}

function createDesk(parts: RecorderParts, { init, listening, investigate }: RecorderHub): Desk {
  const trees = createTreeDesk(parts);
  const reader = createSkillReader(parts, () => init.mainSkills);
  return {
    handlers: {
      status: async () => statusOf(parts, init),
      snapshot: async (skill) => ({
        skill,
        capturedAt: new Date().toISOString(),
        data: await reader.snapshot(skill),
      }),
      tree: trees.tree,
      history: parts.store.history,
      usage: () => askUsage(() => openPort(parts.connect, 'models')),
      investigate,
      watch: listening.watch,
    },
    close() {
      trees.close();
      reader.close();
    },
  };
}

/** How many earlier lives the status tells of. */
const LIVES = 3;

function statusOf({ context, blackBox }: RecorderParts, init: RecorderInit): JsonObject {
  const stall = context.currentStall();
  const [vitals] = context.vitals.newest(1);
  return {
    pid: context.pid,
    startedAt: new Date(context.startedAtMs).toISOString(),
    model: init.model.name,
    operators: init.operators.map(({ name, skillId, mode }: OperatorPlan) => ({
      name,
      skill: skillId,
      mode,
    })),
    mainBlockedMs: stall === undefined ? 0 : Math.round(stall.durationMs),
    ...(stall && { stall: asJson(stall) }),
    ...(vitals && { vitals: asJson(vitals) }),
    stalls: asJson(context.stalls.newest(5)),
    ...(blackBox && { previousLives: blackBox.previousLives(LIVES).map(briefly) }),
    limitations: context.limitations,
  };
}

/** All of it is in the history. */
const briefly = ({ pid, end, lastSeenAt, summary }: PreviousLife): JsonObject => ({
  pid,
  end,
  lastSeenAt,
  summary,
});
