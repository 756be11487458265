// Probes: what a skill watches on main reaches it on the recorder thread, bounded, and leaves nothing behind.
import { expect, test } from 'vitest';
import type { Stall } from '../../src/recorder/context.ts';
import { type Lab, startLab } from './lab.ts';

interface Told {
  readonly events: readonly { readonly text: string }[];
  readonly numbers: readonly number[];
  readonly emitted: number;
  readonly dropped: number;
  readonly failure: string | null;
}

const watched = (probeExport = 'watchLab'): Promise<Lab> => startLab({ settings: { probeExport } });
const told = (lab: Lab, is: (answer: Told) => boolean): Promise<Told> => lab.until<Told>('told', is);

test('events arrive in order, and numbers are there at once', async () => {
  const lab = await watched();
  await lab.main('tell', ['a', 'b', 'c']);
  const { events, ...rest } = await told(lab, (answer) => answer.events.length === 3);
  expect(events.map(({ text }) => text)).toEqual(['a', 'b', 'c']);
  expect(rest).toEqual({ numbers: [3], emitted: 3, dropped: 0, failure: null });
});

test('while main is blocked its numbers are read, and full batches have arrived', async () => {
  const lab = await watched();
  const done = lab.main('tellAndSpin', 130, 1_500);
  const { events, numbers } = await told(lab, (answer) => answer.events.length >= 128);
  expect({ told: events.length, numbers }).toEqual({ told: 128, numbers: [130] });
  await lab.until<Stall | null>('current', (stall) => stall?.ongoing === true);
  await done;
  await told(lab, (answer) => answer.events.length === 130);
});

test('a question is answered, also while JavaScript keeps main busy; an answerer that throws is told', async () => {
  const lab = await watched();
  const done = lab.main('tellAndSpin', 1, 1_500);
  await lab.until<Stall | null>('current', (stall) => stall?.ongoing === true);
  expect(await lab.ask('question', 'now')).toEqual({ of: 'now', told: 1 });
  expect(await lab.ask<Stall | null>('current')).toMatchObject({ ongoing: true });
  await expect(lab.ask('question', 'nothing')).rejects.toThrow('there is no answer');
  await done;
});

test('what exceeds 1,000 a second is counted and dropped', async () => {
  const lab = await watched();
  await lab.main('tell', Array(5_000).fill('x'));
  const { events, numbers, dropped } = await told(
    lab,
    (answer) => answer.events.length + answer.dropped === 5_000,
  );
  // The burst may lie across two windows of a second.
  expect(events.length).toBeLessThanOrEqual(2_000);
  expect({ numbers, lost: dropped + events.length }).toEqual({ numbers: [5_000], lost: 5_000 });
});

test('what cannot be cloned is dropped, and the app does not notice', async () => {
  const lab = await watched();
  await lab.main('tellUncloneable');
  await lab.main('tell', ['after']);
  const { events, dropped } = await told(lab, (answer) => answer.events.length === 1);
  expect({ events, dropped }).toEqual({ events: [{ text: 'after' }], dropped: 1 });
});

test('an event that the skill cannot record ends neither the recorder nor the events behind it', async () => {
  const lab = await watched();
  await lab.main('tell', ['poison', 'after']);
  const { failure } = await told(lab, (answer) => answer.events.length === 1);
  expect(failure).toContain('cannot be recorded');
});

test('a probe that cannot be started is told as such, and everything else runs', async () => {
  const failing = await watched('failToWatch');
  expect((await failing.ask<Told>('told')).failure).toContain('nothing to watch here');
  const missing = await watched('noSuchExport');
  expect((await missing.ask<Told>('told')).failure).toContain('noSuchExport');
});

test('a stop undoes the probe, and a new start brings it back', async () => {
  const lab = await watched();
  expect(await lab.main('labListeners')).toBe(1);
  await lab.main('stop');
  expect(await lab.main('labListeners')).toBe(0);
  expect(await lab.main('hasAnswers')).toBe(false);
  await lab.main('start');
  await lab.main('ready');
  expect(await lab.main('labListeners')).toBe(1);
});
