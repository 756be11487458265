// The restart policy as OTP has it, all of it: restart type x exit reason x strategy. What is expected is written out.
import { ManualClock } from '@nodelens/testing';
import { expect, onTestFinished, test } from 'vitest';
import type { RestartType } from '../../src/actor/supervision/child-spec.ts';
import type { Strategy } from '../../src/actor/supervision/restart.ts';
import { Supervisor } from '../../src/actor/supervision/supervisor.ts';
import { child } from './supervision.ts';
import { type ReasonName, reasons, SupervisionHost, settled } from './supervision-host.ts';

/**
 * The child b ends. Before it a (permanent); after it c (transient), d (temporary) and e (permanent, terminated by hand
 * before). Who is started again, by strategy.
 */
const TABLE = `
  b          its end            one_for_one  rest_for_one  one_for_all
  permanent  normal             b            b c e         a b c e
  permanent  shutdown           b            b c e         a b c e
  permanent  failed             b            b c e         a b c e
  permanent  exited             b            b c e         a b c e
  permanent  out of memory      b            b c e         a b c e
  permanent  unresponsive       b            b c e         a b c e
  permanent  memory limit       b            b c e         a b c e
  permanent  cpu limit          b            b c e         a b c e
  permanent  shutdown deadline  b            b c e         a b c e
  permanent  host closed        b            b c e         a b c e
  transient  normal             -            -             -
  transient  shutdown           -            -             -
  transient  failed             b            b c e         a b c e
  transient  exited             b            b c e         a b c e
  transient  out of memory      b            b c e         a b c e
  transient  unresponsive       b            b c e         a b c e
  transient  memory limit       b            b c e         a b c e
  transient  cpu limit          b            b c e         a b c e
  transient  shutdown deadline  b            b c e         a b c e
  transient  host closed        b            b c e         a b c e
  temporary  normal             -            -             -
  temporary  shutdown           -            -             -
  temporary  failed             -            -             -
  temporary  exited             -            -             -
  temporary  out of memory      -            -             -
  temporary  unresponsive       -            -             -
  temporary  memory limit       -            -             -
  temporary  cpu limit          -            -             -
  temporary  shutdown deadline  -            -             -
  temporary  host closed        -            -             -
`;

const strategies = ['one_for_one', 'rest_for_one', 'one_for_all'] as const;
const rows = TABLE.trim()
  .split('\n')
  .slice(1)
  .flatMap((line) => {
    const [type, reason, ...back] = line.trim().split(/\s{2,}/);
    return strategies.map(
      (strategy, index) => [strategy, type as RestartType, reason as ReasonName, back[index] ?? ''] as const,
    );
  });

const stays = { permanent: 'running', transient: 'stopped', temporary: undefined } as const;

async function superviseFive(strategy: Strategy, restart: RestartType) {
  const host = new SupervisionHost();
  const clock = new ManualClock();
  const supervisor = new Supervisor({ id: 'root', host, clock, strategy });
  onTestFinished(() => supervisor.stop());
  await supervisor.start([
    child('a'),
    child('b', { restart }),
    child('c', { restart: 'transient' }),
    child('d', { restart: 'temporary' }),
    child('e'),
  ]);
  await supervisor.terminateChild('e');
  host.log.length = 0;
  return { host, clock, supervisor };
}

test('the table has every combination', () => {
  expect(rows).toHaveLength(3 * Object.keys(reasons).length * 3);
  expect(new Set(rows.map((row) => row.slice(0, 3).join())).size).toBe(rows.length);
});

test.each(rows)('%s, %s, %s: %s', async (strategy, type, reason, expected) => {
  const { host, clock, supervisor } = await superviseFive(strategy, type);
  host.end('b', reasons[reason]);
  await settled();
  clock.advance(200);
  await settled();
  const back = expected === '-' ? [] : expected.split(' ');
  expect(host.log.filter((line) => line.startsWith('+')).map((line) => line.slice(1))).toEqual(back);
  // Those that came back by strategy were stopped before, last first.
  const stopped = { one_for_one: [], rest_for_one: ['-d', '-c'], one_for_all: ['-d', '-c', '-a'] }[strategy];
  expect(host.log.filter((line) => line.startsWith('-'))).toEqual(back.length === 0 ? [] : stopped);
  const b = supervisor.whichChildren().find(({ id }) => id === 'b');
  expect(b?.status).toBe(back.includes('b') ? 'running' : stays[type]);
});
