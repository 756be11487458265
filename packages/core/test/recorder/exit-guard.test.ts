import { constants } from 'node:os';
import { expect, onTestFinished, test, vi } from 'vitest';
import {
  askClose,
  claimConnection,
  createExitWord,
  isGone,
  markGone,
  onCloseAsked,
  waitGone,
} from '../../src/recorder/exit-word.ts';
import { installExitGuard } from '../../src/recorder/on-main/exit-guard.ts';

test('after a close the recorder can no longer connect', () => {
  const word = createExitWord();
  askClose(word);
  expect(isGone(word)).toBe(true);
  expect(claimConnection(word)).toBe(false);
});

test('a connected recorder is asked, and gone only when it says so', async () => {
  const word = createExitWord();
  expect(claimConnection(word)).toBe(true);
  expect(claimConnection(word)).toBe(false);
  const asked = new Promise<void>((resolve) => void onCloseAsked(word, resolve));
  askClose(word);
  await asked;
  expect(waitGone(word, 5)).toBe(false);
  markGone(word);
  expect(waitGone(word, 1_000)).toBe(true);
});

/** A guard whose session never answers: each close ends with a terminate. */
function guard(): { terminate: ReturnType<typeof vi.fn> } {
  const word = createExitWord();
  claimConnection(word);
  const terminate = vi.fn(() => markGone(word));
  const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
  const undo = installExitGuard({ word, terminate });
  onTestFinished(() => {
    undo();
    kill.mockRestore();
  });
  return { terminate };
}

test.for([
  [process.pid, 'SIGTERM', true],
  [process.pid, undefined, true],
  [process.pid, constants.signals.SIGTERM, true],
  [-process.pid, 'SIGINT', true],
  [0, 'SIGHUP', true],
  [process.pid, 0, false],
  [process.pid + 1, 'SIGTERM', false],
] as const)('kill(%s, %s) closes the session: %s', ([pid, signal, closes]) => {
  const { terminate } = guard();
  process.kill(pid, signal);
  expect(terminate).toHaveBeenCalledTimes(closes ? 1 : 0);
});

test.for(['SIGUSR2', constants.signals.SIGUSR2])('a signal with a listener (%s) closes nothing', (signal) => {
  const listener = (): void => {};
  process.on('SIGUSR2', listener);
  onTestFinished(() => void process.off('SIGUSR2', listener));
  const { terminate } = guard();
  process.kill(process.pid, signal);
  expect(terminate).not.toHaveBeenCalled();
});

test('the guard closes before earlier exit listeners run, and its undo restores everything', () => {
  const before = { kill: process.kill, listeners: process.listeners('exit') };
  const undo = installExitGuard({ word: createExitWord(), terminate: () => {} });
  expect(process.listeners('exit')).toHaveLength(before.listeners.length + 1);
  expect(process.listeners('exit').slice(1)).toEqual(before.listeners);
  expect(process.kill).not.toBe(before.kill);
  undo();
  expect(process.kill).toBe(before.kill);
  expect(process.listeners('exit')).toEqual(before.listeners);
});
