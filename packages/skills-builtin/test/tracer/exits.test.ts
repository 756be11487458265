import { expect, test } from 'vitest';
import { type Ended, runProcess } from './tracer-process.ts';

const ENDS: { readonly [what: string]: Pick<Ended, 'code' | 'signal'> } = {
  exit: { code: 3, signal: null },
  'exit inside': { code: 3, signal: null },
  throw: { code: 1, signal: null },
  reject: { code: 1, signal: null },
  handled: { code: 4, signal: null },
  'kill itself': { code: null, signal: 'SIGTERM' },
  natural: { code: 0, signal: null },
  stop: { code: 5, signal: null },
};

/** Seeded, so that a failure can be had again. */
function randoms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test('twenty processes that end at random moments of a trace end as without it', {
  timeout: 120_000,
}, async () => {
  const random = randoms(20);
  const ways = Object.keys(ENDS);
  const runs = Array.from({ length: 20 }, (_, at) => ({
    what: ways[at % ways.length] as string,
    afterMs: Math.round(random() * 700),
  }));
  const ended: object[] = [];
  const inTurn = async (): Promise<void> => {
    for (let run = runs.pop(); run !== undefined; run = runs.pop()) {
      const { code, signal, stderr } = await runProcess(run.what, run.afterMs);
      ended.push({ ...run, code, signal, isTold: stderr.includes('Waiting for the debugger') });
    }
  };
  await Promise.all([inTurn(), inTurn(), inTurn()]);
  expect(ended).toHaveLength(20);
  for (const one of ended) {
    const { what } = one as { readonly what: string };
    expect(one).toMatchObject({ ...ENDS[what], isTold: false });
  }
});
