// Who looks after open incidents, and when: a timer runs only while there is something to look after.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ManualClock } from '@nodelens/testing';
import { expect, test } from 'vitest';
import type { TakenUp } from '../../src/recorder/store/stored-incident.ts';
import { takeCareOfIncidents } from '../../src/system/incident-care.ts';
import { incident } from '../recorder/store-kit.ts';

const SECONDS = 1_000;

async function lab(answers: readonly (TakenUp | Error)[]) {
  const clock = new ManualClock(0);
  const calls: string[] = [];
  const taken: string[] = [];
  let looks = 0;
  let hasOpen = false;
  const care = takeCareOfIncidents({
    clock,
    hasOpen: () => hasOpen,
    onTakenUp: (rows) => void taken.push(...rows.map((row) => row.incident.id)),
    records: {
      takeUp() {
        calls.push('look');
        const answer = answers[Math.min(looks++, answers.length - 1)];
        if (answer === undefined || answer instanceof Error) throw answer;
        return answer;
      },
      renew: () => void calls.push('renew'),
      leave: () => void calls.push('leave'),
    },
  });
  await nextTurn();
  const open = (is: boolean): void => {
    hasOpen = is;
    care.begin();
  };
  return { ...care, clock, calls, taken, open };
}

const nothing: TakenUp = { rows: [], hasOthers: false };
const others: TakenUp = { rows: [], hasOthers: true };
const left: TakenUp = { rows: [{ incident: incident(1), resume: '{}' }], hasOthers: false };

test('while nothing is open there is no timer; what is open is renewed, and left at the end', async () => {
  const { clock, calls, open, end } = await lab([nothing]);
  expect([calls, clock.pending]).toEqual([['look'], 0]);
  open(true);
  clock.advance(10 * SECONDS);
  open(false);
  clock.advance(60 * SECONDS);
  expect([calls, clock.pending]).toEqual([['look', 'renew', 'renew'], 0]);
  open(true);
  end();
  expect([calls, clock.pending]).toEqual([['look', 'renew', 'renew', 'leave'], 0]);
});

test('others have some, or the store is away: it looks again until there are none', async () => {
  const { clock, calls, taken } = await lab([new Error('locked'), others, left]);
  expect(taken).toEqual([]);
  clock.advance(60 * SECONDS);
  expect(taken).toEqual([incident(1).id]);
  expect([calls, clock.pending]).toEqual([['look', 'look', 'look'], 0]);
});
