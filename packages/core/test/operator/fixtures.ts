// Models that an operator loads itself, in its own thread: one that works from the briefing, and some that end their
// thread in the middle of a run.
import type { Model, ModelRequest, ModelResponse } from '../../src/llm/model.ts';
import { calls, idFrom } from './scripted.ts';

const notifyThen = (end: () => ModelResponse | Promise<ModelResponse>): (() => Model) => {
  const script: ((request: ModelRequest) => ModelResponse | Promise<ModelResponse>)[] = [
    () => calls(['take_snapshot']),
    (request) =>
      calls([
        'send_notification',
        {
          type: 'memory.high',
          severity: 'warning',
          context: 'Heap is at 90 MB.',
          observation: 'sessionCache holds 70 MB.',
          snapshot_ids: [idFrom(request, 'take_snapshot')],
        },
      ]),
    end,
  ];
  return () => ({
    name: 'dying',
    generate: async (request) => (await script.shift()?.(request)) ?? calls(['done']),
  });
};

export const exits: () => Model = notifyThen(() => process.exit(7));

export const throws: () => Model = notifyThen(() => {
  setImmediate(() => {
    throw new Error('out of the blue');
  });
  return new Promise<never>(() => {});
});

export const loops: () => Model = notifyThen(() => {
  for (;;);
});

export const eatsMemory: () => Model = notifyThen(() => {
  const eaten: number[][] = [];
  for (;;) eaten.push(new Array<number>(1_000_000).fill(eaten.length));
});

/** Runs the checks of the briefing on its snapshot and notifies what they found. */
export const briefed = (): Model => ({
  name: 'briefed',
  generate: async ({ briefing, messages }) => {
    if (briefing?.role !== 'operator') throw new Error('no briefing');
    const results = messages.flatMap((message) => (message.role === 'tool' ? message.results : []));
    if (results.some((result) => result.name === 'send_notification')) return calls(['done']);
    const snapshot = results[0]?.content as { id: string; data: { usedMb: number } } | undefined;
    if (snapshot === undefined) return calls(['take_snapshot']);
    const [found] = await briefing.knowledge.check(snapshot.data, []);
    if (found === undefined) return calls(['done']);
    const concluded = await briefing.knowledge.conclude(found.checkId, null, found.finding);
    if (concluded === undefined) return calls(['done']);
    const { severity, context, observation, subjects } = concluded;
    const about = { subjects: subjects.map((subject) => ({ ...subject })), snapshot_ids: [snapshot.id] };
    return calls(['send_notification', { type: found.checkId, severity, context, observation, ...about }]);
  },
});
