// Exports run in portions, so that bookings go on meanwhile; their state is in the store.
import { setTimeout } from 'node:timers/promises';

const PORTION = 1_000;
const LOOK_MS = 50;

export function createExports({ ledger, store }) {
  let last = 0;

  const writePortion = async (job, from, to, lines) => {
    const upTo = Math.min(to, from + PORTION);
    for (const { at, account, cents } of ledger.range(from, upTo - from))
      lines.push(`${at};${account};${cents}`);
    if (upTo < to) {
      globalThis.setTimeout(writePortion, 20, job, upTo, to, lines);
      await store.put(job, { state: 'running', done: upTo });
    } else {
      await store.put(job, { state: 'done', done: upTo, bytes: lines.join('\n').length });
    }
  };

  return {
    async start({ from = 0, to = ledger.size() }) {
      last += 1;
      const job = `export-${last}`;
      await store.put(job, { state: 'running', done: from });
      globalThis.setTimeout(writePortion, 20, job, from, to, []);
      return job;
    },
    async settled(job) {
      let entry = await store.get(job);
      while (entry.state === 'running') {
        await setTimeout(LOOK_MS);
        entry = await store.get(job);
      }
      return entry;
    },
    find: (job) => store.get(job),
  };
}
