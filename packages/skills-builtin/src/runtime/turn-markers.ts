// Whether main, while it does not turn its loop, gets on with its ticks or its microtasks: a marker behind each of them
// counts when it runs. Between two events of the loop both run, so one that runs alone tells which of the two never ends.
import { type CallSiteObject, getCallSites } from 'node:util';
import type { JsonValue } from '@nodelens/core';
import { turnSlot } from './slots.ts';

// Taken at load: the app may replace it.
const nextTick = process.nextTick.bind(process);
const settled = Promise.resolve();

const FRAMES = 64;
const MAX_TEXT = 500;

/**
 * Puts down those markers that do not wait already, and tells which callback was interrupted for it: `{ callback }`,
 * the app's outermost frame, or null where that is unknown. Null when it was Node's own code that was interrupted: in
 * the middle of its queues a tick of ours could spoil them.
 */
export function markTurns(numbers: Float64Array): JsonValue {
  const frames = interruptedFrames();
  if (frames.length === 0 || !isOfApp(frames[0])) return null;
  const count = (slot: number): void => {
    numbers[slot] = (numbers[slot] ?? 0) + 1;
  };
  if (numbers[turnSlot.ticksQueued] === numbers[turnSlot.ticksRun]) {
    count(turnSlot.ticksQueued);
    nextTick(count, turnSlot.ticksRun);
  }
  if (numbers[turnSlot.microtasksQueued] === numbers[turnSlot.microtasksRun]) {
    count(turnSlot.microtasksQueued);
    void settled.then(() => count(turnSlot.microtasksRun));
  }
  return { callback: callbackOf(frames) };
}

/** Innermost first: those below the question, which is a script without a name. */
function interruptedFrames(): readonly CallSiteObject[] {
  const sites = getCallSites(FRAMES, { sourceMap: false });
  const asked = sites.findIndex(({ scriptName }) => scriptName === '');
  return asked === -1 ? [] : sites.slice(asked + 1);
}

const isOfApp = (site: CallSiteObject | undefined): boolean =>
  site !== undefined && site.scriptName !== '' && !site.scriptName.startsWith('node:');

function callbackOf(frames: readonly CallSiteObject[]): JsonValue {
  const outermost = frames.findLast(isOfApp);
  // A deep stack was cut.
  if (outermost === undefined || frames.length >= FRAMES - 8) return null;
  const { functionName, scriptName, lineNumber, columnNumber } = outermost;
  return {
    name: functionName.slice(0, MAX_TEXT) || '(anonymous)',
    file: scriptName.slice(0, MAX_TEXT),
    line: lineNumber,
    column: columnNumber,
  };
}
