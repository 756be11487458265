// `npm run evals`: the scenarios with the model of NODELENS_EVAL_MODEL, or with the reader. Exit code 0 when all have
// passed, 1 when one has not, 2 when they could not be run.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';
import { reasonOf } from '../../../src/errors.ts';
import type { ModelRef } from '../../../src/llm/model.ts';
import { evalModelRef, isReal } from '../model.ts';
import { preflight } from '../preflight.ts';
import { EvalReporter } from '../reporter.ts';
import { table } from '../table.ts';

const FILES = ['test/evals/evals.test.ts', 'test/evals/single-turn.test.ts'];
const root = fileURLToPath(new URL('../../..', import.meta.url));

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** @returns The exit code. */
async function run(pattern: string | undefined): Promise<number> {
  const ref = isReal ? evalModelRef(process.env) : undefined;
  const complaint = ref && (await preflight(ref));
  if (complaint !== undefined) return notRun(complaint);
  return scenarios(ref, pattern);
}

async function scenarios(ref: ModelRef | undefined, pattern: string | undefined): Promise<number> {
  const reporter = new EvalReporter(print);
  const vitest = await startVitest(FILES, {
    root,
    watch: false,
    retry: 0,
    reporters: [reporter],
    ...(pattern !== undefined && { testNamePattern: pattern }),
  });
  await vitest.close();
  if (reporter.isBroken) return 2;
  const { rows } = reporter;
  if (rows.length === 0) return notRun(`no scenario is like "${pattern}".`);
  print(`\n${table(rows, ref?.name ?? 'reader')}`);
  return rows.every(({ passed }) => passed) ? 0 : 1;
}

function notRun(reason: string): number {
  process.stderr.write(`No scenario was run: ${reason}\n`);
  return 2;
}

async function main(): Promise<number> {
  try {
    const { values } = parseArgs({ options: { only: { type: 'string', short: 't' } } });
    return await run(values.only);
  } catch (error) {
    return notRun(reasonOf(error));
  }
}

process.exitCode = await main();
