// A thousand actors in one thread: started, each asked once, stopped; what each takes while it lives.
import { dispatch, query, type Ref, spawn, start, stop } from 'nact';
import { importCore } from '../core.ts';
import { type Figures, type OpenGroup, timeOf } from '../group.ts';
import { counterSpec } from '../subjects.ts';

const ACTORS = 1_000;
const ASK_MS = 10_000;

interface Crowd {
  start(): Promise<void>;
  ask(): Promise<void>;
  stop(): Promise<void>;
}

function memory(): { heap: number; rss: number } {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed, rss };
}

async function live(crowd: Crowd): Promise<Figures> {
  const before = memory();
  const begun = await timeOf(async () => {
    await crowd.start();
    await crowd.ask();
  }, ACTORS);
  const after = memory();
  const ended = await timeOf(crowd.stop, ACTORS);
  const sum = (metric: 'us' | 'cpuUs'): number => (begun[metric] ?? 0) + (ended[metric] ?? 0);
  return {
    us: sum('us'),
    cpuUs: sum('cpuUs'),
    heapKb: (after.heap - before.heap) / 1024 / ACTORS,
    rssKb: (after.rss - before.rss) / 1024 / ACTORS,
  };
}

interface Question {
  readonly sender: Ref<unknown>;
}

function nactCrowd(): Crowd {
  const system = start();
  const actors: Ref<Question>[] = [];
  return {
    async start() {
      for (let id = 0; id < ACTORS; id += 1)
        actors.push(
          spawn(system, (total: number = 0, { sender }: Question) => {
            dispatch(sender, total);
            return total;
          }),
        );
    },
    async ask() {
      await Promise.all(actors.map((actor) => query(actor, (sender) => ({ sender }), ASK_MS)));
    },
    async stop() {
      for (const actor of actors) stop(actor);
      stop(system);
    },
  };
}

async function ourCrowd(): Promise<Crowd> {
  const { createInProcessHost } = await importCore('actor/hosts/in-process-host');
  const host = createInProcessHost();
  const refs: Awaited<ReturnType<typeof host.start>>[] = [];
  const ids = Array.from({ length: ACTORS }, (_, id) => `counter-${id}`);
  return {
    async start() {
      refs.push(...(await Promise.all(ids.map((id) => host.start(counterSpec({ id, placement: 'local' }))))));
    },
    async ask() {
      await Promise.all(refs.map((ref) => ref.ask({ type: 'total' }, { timeoutMs: ASK_MS })));
    },
    stop: () => host.close(),
  };
}

export const open: OpenGroup = async () => ({
  cases: [
    { name: 'nact', run: () => live(nactCrowd()) },
    { name: 'control', run: () => live(nactCrowd()) },
    { name: 'actor', run: async () => live(await ourCrowd()) },
  ],
  close: async () => {},
});
