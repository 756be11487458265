import type { JsonObject, JsonValue } from '@nodelens/core';
import { expect, onTestFinished, test } from 'vitest';
import { traceCalls } from '../../src/tracer/probe.ts';
import { BURST, bellOf, CALLS, NUMBERS, OVER_AT, RECORDING } from '../../src/tracer/protocol.ts';

function probe(): { ask: (question: JsonObject) => JsonValue; numbers: Float64Array; undo: () => void } {
  let ask: (question: JsonObject) => JsonValue = () => null;
  const numbers = new Float64Array(new SharedArrayBuffer(8 * NUMBERS));
  const undo = traceCalls({ numbers, emit: () => {}, answer: (given) => (ask = given) }, {});
  onTestFinished(undo);
  return { ask: (question) => ask(question), numbers, undo };
}

/** As a breakpoint's condition is evaluated. */
const evaluate = (condition: string): unknown => new Function(`return ${condition}`)();

test('a counting ends at the limit of calls at once, and rings once', () => {
  const { ask, numbers, undo } = probe();
  ask({ ask: 'count', options: { functions: 2, maxMs: 60_000 } });
  for (let at = 0; at < 2_000; at += 1) expect(evaluate(`${RECORDING}?.hit(1)`)).toBe(false);
  expect(numbers[CALLS]).toBe(0);
  expect(numbers[CALLS + 1]).toBeGreaterThan(BURST);
  expect(numbers[CALLS + 1]).toBeLessThan(2_000);
  expect(numbers[OVER_AT + 1]).toBeGreaterThan(0);
  expect(bellOf(numbers)[0]).toBe(1);
  undo();
  expect(evaluate(RECORDING)).toBeUndefined();
  expect(evaluate(`${RECORDING}?.hit(1)`)).toBeUndefined();
});

test('a trace that nobody comes back for is not replaced by what it left', () => {
  const { ask } = probe();
  const at = { line: 1, column: 1 };
  const options = { scriptId: '0', from: at, to: at, timing: 'promise', maxCalls: 5, maxMs: 1_000 };
  ask({ ask: 'trace', options });
  evaluate(`${RECORDING}.enter([1])`);
  ask({ ask: 'trace', options });
  evaluate(`${RECORDING}.enter(['x'])`);
  expect(ask({ ask: 'end' })).toMatchObject({ calls: 1, shapes: [{ arguments: '(string(1))' }] });
  expect(evaluate(RECORDING)).toBeUndefined();
  expect(ask({ ask: 'end' })).toBeNull();
  expect(ask({ ask: 'finish-entries' })).toBe(0);
});
