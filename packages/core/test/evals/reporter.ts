// Tells of a run of the evals while it goes: a line for each scenario, and why it failed with what the model did.
import { stripVTControlCharacters } from 'node:util';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { noCalls } from '../../src/agent/meter.ts';
import type {} from './scenario.ts';
import type { Row } from './table.ts';

type Print = (line: string) => void;
type Trouble = ReadonlyArray<{ readonly message: string }>;

export class EvalReporter implements Reporter {
  readonly #print: Print;
  readonly #rows: Row[] = [];
  #isBroken = false;

  constructor(print: Print) {
    this.#print = print;
  }

  /** Of what was run, in the order in which it ended. */
  get rows(): readonly Row[] {
    return this.#rows;
  }

  /** Whether something failed that is no scenario. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  onTestCaseResult(test: TestCase): void {
    const { state, errors = [] } = test.result();
    if (state === 'skipped' || state === 'pending') return;
    const { used, turns } = test.meta().evaluation ?? { used: noCalls, turns: [] };
    const scenario = test.fullName.replaceAll(' > ', ' ');
    const row = { scenario, passed: state === 'passed', used, ms: test.diagnostic()?.duration ?? 0 };
    this.#rows.push(row);
    this.#print(`${row.passed ? 'passed' : 'FAILED'}  ${scenario}`);
    if (row.passed) return;
    for (const { message } of errors) this.#print(indented(message));
    for (const [index, turn] of turns.entries()) this.#print(indented(`turn ${index + 1}: ${turn}`));
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: Trouble): void {
    const broken = [...modules.flatMap((module) => module.errors()), ...unhandled];
    for (const { message } of broken) this.#print(`broken  ${message}`);
    this.#isBroken = broken.length > 0;
  }
}

const indented = (text: string): string =>
  stripVTControlCharacters(text).replaceAll('\n', '\n        ').replace(/^/, '        ');
