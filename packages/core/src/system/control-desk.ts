// What the recorder thread does for the control socket: status, snapshots, live events, and investigations that run
// beside main. Their events reach main too, so that `lens.on` and diagnostics_channel tell the whole story.
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Host } from '../actor/host.ts';
import { connectHost } from '../actor/remote-host.ts';
import type { CoordinatorEvent } from '../coordinator/spec.ts';
import { reasonOf } from '../errors.ts';
import { asJson, type JsonObject } from '../json.ts';
import { type OperatorPlan, resolvePlans } from '../operator/plan.ts';
import type { OperatorSpec } from '../operator/spec.ts';
import { type ControlHandlers, startControlServer } from '../recorder/control.ts';
import type { PreviousLife } from '../recorder/previous-life.ts';
import type { RecorderExtension, RecorderParts } from '../recorder/run-recorder.ts';
import type { SkillDescriptor } from '../skill-host.ts';
import { createListening } from './listening.ts';
import type { MainNews, RecorderInit, RecorderNews } from './recorder-init.ts';
import { createSkillReader } from './skill-reader.ts';
import { createStandIn, type Investigate } from './stand-in.ts';
import { createTreeDesk } from './tree-desk.ts';

/** Starts the control socket on the recorder thread, if the system wants one. */
export const controlDesk: RecorderExtension = (parts) => {
  const init = { ...(parts.init as unknown as RecorderInit) };
  if (init.control === null) return () => undefined;
  const news = (message: RecorderNews): void => parts.postToMain(asJson(message));
  const desk = createDesk(parts, init);
  const server = startControlServer({ pid: process.pid, handlers: desk.handlers, ...init.control });
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

function createDesk(parts: RecorderParts, init: RecorderInit): Desk {
  const trees = createTreeDesk(parts);
  const undo = parts.onMainMessage((message) => {
    const { type, ...renewed } = message as unknown as MainNews;
    if (type === 'operators') Object.assign(init, renewed);
  });
  const listening = createListening(parts);
  let launcher: Host | undefined;
  const reader = createSkillReader(parts, () => init.mainSkills);
  const investigate = createStandIn({
    host: async () => {
      launcher ??= connectHost(() => openLauncher(parts));
      return launcher;
    },
    operators: () => resolveAll(parts, init),
    model: init.model,
  });
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
      investigate: told(investigate, parts.tell),
      watch: listening.watch,
    },
    close() {
      undo();
      listening.close();
      trees.close();
      reader.close();
      void launcher?.close();
    },
  };
}

const told =
  (investigate: Investigate, tell: (event: CoordinatorEvent) => void): ControlHandlers['investigate'] =>
  (request, { signal, onEvent }) =>
    investigate(request, {
      signal,
      onEvent: (event) => {
        onEvent(event);
        tell(event);
      },
    });

function openLauncher({ connect }: RecorderParts): MessagePort {
  const { port1, port2 } = new MessageChannel();
  connect('launcher', port2);
  return port1;
}

const resolveAll = ({ skills }: RecorderParts, init: RecorderInit): Promise<readonly OperatorSpec[]> =>
  resolvePlans(init.operators, async (skillId): Promise<SkillDescriptor> => {
    const onMain = init.mainSkills.find(({ id }) => id === skillId);
    return onMain ?? skills.describe(skillId);
  });

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
