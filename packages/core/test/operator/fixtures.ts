// Models that an operator loads itself, in its own thread: one that works from the briefing, and some that end their
// thread in the middle of a run.
import type { Model, ModelRequest } from '../../src/llm/model.ts';
import { calls, contentOf, idFrom, response } from './scripted.ts';

type Reply = ReturnType<typeof calls>;

const model = (name: string, reply: (request: ModelRequest) => Reply | Promise<Reply>): Model => {
  let turn = 0;
  return { name, generate: async (request) => response(await reply(request), `call-${++turn}`) };
};

const notifyThen = (end: () => Promise<never>): Model =>
  model('dying', (request) => {
    if (contentOf(request, 'take_snapshot') === undefined) return calls(['take_snapshot']);
    if (contentOf(request, 'send_notification') !== undefined) return end();
    return calls([
      'send_notification',
      {
        type: 'memory.high',
        severity: 'warning',
        context: 'Heap is at 90 MB.',
        observation: 'sessionCache holds 70 MB.',
        snapshot_ids: [idFrom(request, 'take_snapshot')],
      },
    ]);
  });

const silence = (): Promise<never> => new Promise<never>(() => {});

/** Is never there. */
export const neverLoads = (): Promise<Model> => new Promise(() => undefined);

export const exits = (): Model => notifyThen(() => process.exit(7));

export const throws = (): Model =>
  notifyThen(() => {
    setImmediate(() => {
      throw new Error('out of the blue');
    });
    return silence();
  });

export const loops = (): Model =>
  notifyThen(() => {
    for (;;);
  });

export const eatsMemory = (): Model =>
  notifyThen(() => {
    const eaten: number[][] = [];
    for (;;) eaten.push(new Array<number>(1_000_000).fill(eaten.length));
  });

/** Runs the checks of its briefing on a snapshot, and notifies what they conclude. */
export const briefed = (): Model =>
  model('briefed', async (request) => {
    const { briefing } = request;
    if (briefing?.role !== 'operator') throw new Error('no briefing');
    if (contentOf(request, 'send_notification') !== undefined) return calls(['done']);
    const snapshot = contentOf(request, 'take_snapshot') as
      | { id: string; data: { usedMb: number } }
      | undefined;
    if (snapshot === undefined) return calls(['take_snapshot']);
    const [found] = await briefing.knowledge.check(snapshot.data, []);
    const concluded = found && (await briefing.knowledge.conclude(found.checkId, null, found.finding));
    if (concluded === undefined) return calls(['done']);
    const { severity, context, observation, subjects } = concluded;
    const about = { subjects: subjects.map((subject) => ({ ...subject })), snapshot_ids: [snapshot.id] };
    return calls(['send_notification', { type: found?.checkId, severity, context, observation, ...about }]);
  });
