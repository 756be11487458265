// The coordinator's tools on operators, and those that pace or end an investigation.
import * as v from 'valibot';
import { pause } from '../agent/abort.ts';
import { answer, defineTool, refuse, type Tool } from '../agent/tool.ts';
import { isError, reasonOf } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { textSchema } from '../operator/verify.ts';
import type { CoordinatorDesk } from './desk.ts';
import type { RunningOperator } from './state.ts';

const MESSAGE_TIMEOUT_MS = 30_000;
const STATUS_TIMEOUT_MS = 1_000;
const MAX_WAIT_MS = 300_000;
/** News comes in bursts (a notification, then its operator ends), and each wake-up costs a turn of the model. */
const SETTLE_MS = 150;
const MIN_SCHEDULE_MS = 1_000;
const MAX_SCHEDULE_MS = 3_600_000;

export const operatorTools = (desk: CoordinatorDesk): readonly Tool[] => [
  invokeOperators(desk),
  messageOperator(desk),
  getStatuses(desk),
  waitTool(desk),
  scheduleTool(desk),
  doneTool(desk),
];

const invokeOperators = (desk: CoordinatorDesk): Tool =>
  defineTool({
    name: 'invoke_operators',
    description: 'Starts operators in parallel. context tells them why; default: the reason.',
    params: {
      operators: v.pipe(v.array(v.string()), v.minLength(1, 'must name at least one operator.')),
      context: v.optional(v.string()),
    },
    run: ({ operators, context }) => {
      const names = [...new Set(operators)];
      const available = desk.operators.map((spec) => spec.name);
      const unknown = names.filter((name) => !available.includes(name));
      const busy = desk.state().running.map((operator) => operator.name);
      const alreadyRunning = names.filter((name) => busy.includes(name));
      const wanted = desk.operators.filter(({ name }) => names.includes(name) && !busy.includes(name));
      if (unknown.length === names.length)
        return refuse(
          `No such operators: ${unknown.join(', ')}. Available: ${available.join(', ') || 'none'}.`,
        );
      for (const spec of wanted) desk.start(spec, context);
      return answer({
        started: wanted.map((spec) => spec.name),
        ...(alreadyRunning.length > 0 && { alreadyRunning }),
        ...(unknown.length > 0 && { unknown, available }),
      });
    },
  });

const messageOperator = (desk: CoordinatorDesk): Tool =>
  defineTool({
    name: 'message_operator',
    description: 'Asks a running operator what it has seen so far.',
    params: { operator: v.string(), message: textSchema },
    run: async ({ operator, message }, { signal }) => {
      try {
        const question = { type: 'operator.message', text: message };
        return answer(await desk.fleet.ask(operator, question, { timeoutMs: MESSAGE_TIMEOUT_MS, signal }));
      } catch (error) {
        return refuse(whyNoAnswer(operator, error), { operator });
      }
    },
  });

function whyNoAnswer(operator: string, error: unknown): string {
  if (isError(error, 'actor_not_found') || isError(error, 'actor_exited'))
    return `The operator ${operator} is not running; its notifications tell what it found.`;
  return isError(error, 'ask_timeout') ? `The operator ${operator} did not answer in time.` : reasonOf(error);
}

const getStatuses = (desk: CoordinatorDesk): Tool =>
  defineTool({
    name: 'get_operator_statuses',
    description: 'Which operators run and which have ended, with how.',
    params: {},
    run: async (_, { signal }) => {
      const { running, finished } = desk.state();
      return answer({
        running: await Promise.all(running.map((operator) => statusOf(desk, operator, signal))),
        finished: finished.map(({ operator, status, state, iterations, notifications, error }) => ({
          operator,
          status,
          state,
          iterations,
          notifications: notifications.length,
          ...(error && { error: error.message }),
        })),
      });
    },
  });

async function statusOf(
  desk: CoordinatorDesk,
  { name, startedAt }: RunningOperator,
  signal: AbortSignal,
): Promise<JsonObject> {
  try {
    const options = { timeoutMs: STATUS_TIMEOUT_MS, signal };
    const status = (await desk.fleet.ask(name, { type: 'operator.status' }, options)) as JsonObject;
    return { ...status, alive: true, startedAt };
  } catch (error) {
    return { operator: name, alive: false, reason: reasonOf(error), startedAt };
  }
}

const waitTool = (desk: CoordinatorDesk): Tool =>
  defineTool({
    name: 'wait',
    description: 'Waits so many ms, or less when there is news.',
    params: { ms: v.pipe(v.number(), v.minValue(0), v.maxValue(MAX_WAIT_MS)) },
    run: async ({ ms }, { signal }) => {
      const startedAt = desk.clock.now();
      await desk.newsWithin(ms, signal);
      if (desk.state().running.length > 0) await pause(desk.clock, Math.min(SETTLE_MS, ms), signal);
      const { news, running } = desk.state();
      return answer({
        waited: desk.clock.now() - startedAt,
        news: news.length,
        running: running.map((operator) => operator.name),
      });
    },
  });

const scheduleTool = (desk: CoordinatorDesk): Tool =>
  defineTool({
    name: 'schedule',
    description: 'Ends this investigation; another one starts after so many ms, with that reason.',
    params: {
      ms: v.pipe(v.number(), v.minValue(MIN_SCHEDULE_MS), v.maxValue(MAX_SCHEDULE_MS)),
      reason: textSchema,
    },
    run: ({ ms, reason }) => {
      const refusal = stillRunning(desk, 'schedule');
      if (refusal !== undefined) return refuse(refusal);
      if (!desk.canSchedule) return refuse('No other investigation can follow this one; call done.');
      desk.schedule({ ms, reason });
      return answer({ scheduled: ms });
    },
  });

const doneTool = (desk: CoordinatorDesk): Tool =>
  defineTool({
    name: 'done',
    description: 'Ends the investigation. Refused while operators run, not for unread notifications.',
    params: {},
    run: () => {
      const refusal = stillRunning(desk, 'done');
      return refusal === undefined ? answer({ done: true }) : refuse(refusal);
    },
  });

function stillRunning(desk: CoordinatorDesk, tool: string): string | undefined {
  const names = desk.state().running.map((operator) => operator.name);
  if (names.length === 0) return undefined;
  return `${tool} is not possible while operators run (${names.join(', ')}). Use wait or get_operator_statuses.`;
}
