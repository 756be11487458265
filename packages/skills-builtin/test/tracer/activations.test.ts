import { expect, test } from 'vitest';
import { type Activations, createActivations } from '../../src/tracer/activations.ts';

const DEEPER = 'an error from a function that it called';

/** What a sequence of hits makes of the calls: `e1` is an entry with one call on the stack. */
function play(hits: readonly string[]): readonly unknown[] {
  const told: unknown[] = [];
  const activations: Activations = createActivations(
    (durationMs) => told.push(durationMs),
    ({ name }) => told.push(name),
  );
  for (const [at, hit] of hits.entries()) {
    const depth = Number(hit.slice(1));
    if (hit.startsWith('e')) activations.enter(depth, at);
    else if (hit.startsWith('l')) activations.leave(() => depth, at);
    else if (hit.startsWith('t'))
      activations.throwing(() => depth, { name: 'Oops', at: { line: 1, column: 1 } });
    else told.push(`open ${activations.finish(depth)}`);
  }
  return told;
}

test.each([
  ['a call returns', ['e1', 'l1'], [1]],
  ['two calls', ['e1', 'l1', 'e1', 'l1'], [1, 1]],
  ['the next entry shows that an error left the call before', ['e1', 'e1', 'l1'], [DEEPER, 1]],
  ['its own throw is named', ['e1', 't1', 'e1', 'l1'], ['Oops', 1]],
  ['what it catches itself is no error', ['e1', 't1', 'l1', 'e1', 'l1'], [2, 1]],
  ['of a recursion only the outermost is timed', ['e1', 'e2', 'e3', 'l3', 'l2', 'l1'], [5]],
  ['an inner error that is caught', ['e1', 'e2', 't2', 'l1'], [3]],
  ['a call that runs at the end is open', ['e1', 'f1'], ['open 1']],
  ['one that does not, was left by an error', ['e1', 'f0'], [DEEPER, 'open 0']],
  ['an end without its entry', ['l1', 't1', 'f0'], ['open 0']],
])('%s', (_, hits, told) => {
  expect(play(hits)).toEqual(told);
});
