// Memory that outlives the thread which writes to it: whatever is cut off, whole records are left.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { createVaultMemory, openVault } from '../../src/recorder/store/vault.ts';

/** A small generator with a seed, so that a failure comes again. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test('it holds the newest records, in order and whole, in bounded memory', () => {
  const next = random(1);
  const memory = createVaultMemory();
  const written: string[] = [];
  for (let n = 0; n < 30; n++) {
    const record = `${n} ä ${'x'.repeat(Math.floor(next() * 500_000))}`;
    // Each time as another life of the writer would.
    openVault(memory).append(record);
    written.push(record);
    if (n % 3 > 0) continue;
    const kept = openVault(memory).read();
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.every((text, index) => text === written.at(index - kept.length))).toBe(true);
  }
  expect(openVault(memory).read().join('').length).toBeGreaterThan(500_000);
  expect(memory.byteLength).toBeLessThanOrEqual(4 * 1_048_576 + 64);
});

test('of records that take the place of earlier ones, each key has its newest', () => {
  const memory = createVaultMemory();
  const keyOf = (record: string): string => record.slice(0, record.indexOf(' '));
  openVault(memory, keyOf).append('rare once');
  for (let n = 0; n < 30; n++) openVault(memory, keyOf).append(`busy ${n} ${'x'.repeat(500_000)}`);
  const kept = openVault(memory, keyOf).read();
  expect(kept).toContain('rare once');
  expect(kept.at(-1)).toContain('busy 29');
});

test('what a writer had not finished when it was ended does not count', () => {
  const memory = createVaultMemory();
  openVault(memory).append('one');
  const used = memory.byteLength;
  // A length and half a record behind what counts.
  memory.grow(used + 8);
  Buffer.from(memory).fill(0xff, used);
  expect(openVault(memory).read()).toEqual(['one']);
  openVault(memory).append('two');
  expect(openVault(memory).read()).toEqual(['one', 'two']);
});

test('a thread that is ended in the middle of its writing leaves what it had said', async () => {
  const memory = createVaultMemory();
  const worker = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     import(workerData.module).then(({ openVault }) => {
       const vault = openVault(workerData.memory);
       for (let n = 0; ; n++) {
         vault.append(JSON.stringify({ n, text: 'x'.repeat(n % 50_000) }));
         if (n === 500) parentPort.postMessage('said');
       }
     });`,
    {
      eval: true,
      workerData: { memory, module: new URL('../../src/recorder/store/vault.ts', import.meta.url).href },
    },
  );
  await once(worker, 'message');
  await worker.terminate();
  const records = openVault(memory)
    .read()
    .map((record) => JSON.parse(record) as { n: number; text: string });
  const first = records[0]?.n ?? Number.NaN;
  expect(records.map(({ n }) => n)).toEqual(records.map((_, index) => first + index));
  expect(records.every(({ n, text }) => text.length === n % 50_000)).toBe(true);
  expect(records.at(-1)?.n).toBeGreaterThanOrEqual(500);
});
