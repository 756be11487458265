// npm run stress:exit -- --runs 1000 [--seed n] [--at-once n] [--black-box]: ends processes at random moments in every way,
// with Nodelens attached, and compares each with the same process without it. Exit 1 on any abort, hang, wrong code or
// line; with a black box also when it takes an end for one without a word that was not a plain SIGTERM.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { openBlackBoxFile } from '../../src/recorder/black-box/file.ts';
import { type Ending, live, SERVICE } from './live.ts';
import { type Life, PHASES, type Phase, WAYS, type Way } from './ways.ts';

interface Row {
  runs: number;
  aborts: number;
  hangs: number;
  wrongCodes: number;
  waitingLines: number;
  wordless: number;
}

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '2' },
    'black-box': { type: 'boolean', default: false },
  },
});
const random = randomFrom(Number(values.seed));
const runs = Number(values.runs);
const atOnce = Number(values['at-once']);
const controlDirectory = mkdtempSync(join(tmpdir(), 'nodelens-stress-'));

const controls = new Map<Way, Ending>();
for (const way of WAYS)
  controls.set(way, await live({ way, phase: 'idle', attached: false, controlDirectory, delayMs: 5 }));

// One more runnable thread than cores, so that nobody is scheduled when it would be convenient.
const load = new Worker('for (;;);', { eval: true });
const rows = new Map<string, Row>();
const misses: string[] = [];
let next = 0;
const startedAt = performance.now();
await Promise.all(Array.from({ length: atOnce }, work));
await load.terminate();
rmSync(controlDirectory, { recursive: true });
report();

async function work(): Promise<void> {
  while (next < runs) {
    const life = lifeOf(next++);
    count(life, await live(life));
    if (next % 100 === 0) process.stderr.write(`${next} of ${runs}, ${misses.length} misses\n`);
  }
}

/** Ways in turn, so that each gets its share; phase and moment at random. */
function lifeOf(index: number): Life {
  const way = WAYS[index % WAYS.length] ?? 'natural';
  const phase: Phase = PHASES[Math.floor(random() * PHASES.length)] ?? 'idle';
  const delayMs = Math.round(random() * (phase === 'starting' ? 120 : 80));
  const dataDir = join(controlDirectory, `data-${index}`);
  return { way, phase, attached: true, controlDirectory, ...(values['black-box'] && { dataDir }), delayMs };
}

function count(life: Life, ending: Ending): void {
  const row = rowOf(life.way);
  const control = controls.get(life.way);
  const isAbort = ending.signal === 'SIGABRT' || ending.code === 134;
  const isWrong =
    !isAbort && !ending.hung && (ending.code !== control?.code || ending.signal !== control.signal);
  row.runs++;
  if (isAbort) row.aborts++;
  if (ending.hung) row.hangs++;
  if (isWrong) row.wrongCodes++;
  if (ending.waited) row.waitingLines++;
  const isWordless = wasWordless(life) && life.way !== 'SIGTERM';
  if (isWordless) row.wordless++;
  if (isAbort || ending.hung || isWrong || ending.waited || isWordless)
    tellMiss(`${JSON.stringify(life)}\n  ${JSON.stringify(ending)}`);
}

/** What its successor would tell of. */
function wasWordless({ dataDir }: Life): boolean {
  if (dataDir === undefined) return false;
  const file = openBlackBoxFile({ directory: dataDir, onMovedAside: tellMiss });
  const isOpen = file.open(SERVICE).length > 0;
  file.close();
  rmSync(dataDir, { recursive: true });
  return isOpen;
}

/** At once as well, since a long run may be cut short. */
function tellMiss(miss: string): void {
  misses.push(miss);
  process.stderr.write(`${miss}\n`);
}

function rowOf(way: string): Row {
  const row = rows.get(way) ?? { runs: 0, aborts: 0, hangs: 0, wrongCodes: 0, waitingLines: 0, wordless: 0 };
  rows.set(way, row);
  return row;
}

function report(): void {
  const line = (cells: readonly (string | number)[]): string =>
    cells.map((cell, i) => (i === 0 ? String(cell).padEnd(26) : String(cell).padStart(9))).join('');
  const total: Row = { runs: 0, aborts: 0, hangs: 0, wrongCodes: 0, waitingLines: 0, wordless: 0 };
  const lines = [line(['way', 'runs', 'aborts', 'hangs', 'code', 'waiting', 'wordless'])];
  for (const [way, row] of rows) {
    lines.push(line([way, ...cellsOf(row)]));
    for (const key of Object.keys(total) as (keyof Row)[]) total[key] += row[key];
  }
  lines.push(line(['total', ...cellsOf(total)]));
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  lines.push(
    `seed ${values.seed}, ${seconds} s, ${availableParallelism()} cores, ${atOnce} at a time and a spinning load`,
  );
  process.stdout.write(`${lines.join('\n')}\n`);
  for (const miss of misses) process.stdout.write(`${miss}\n`);
  process.exitCode = misses.length === 0 ? 0 : 1;
}

function cellsOf({ runs, aborts, hangs, wrongCodes, waitingLines, wordless }: Row): readonly number[] {
  return [runs, aborts, hangs, wrongCodes, waitingLines, wordless];
}

/** mulberry32: the same seed gives the same lives (not the same scheduling). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
