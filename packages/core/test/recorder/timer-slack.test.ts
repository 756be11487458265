import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createTimerSlack, samplerThreads } from '../../src/recorder/instruments/timer-slack.ts';

const slackOf = (tid: number): string => readFileSync(`/proc/${tid}/timerslack_ns`, 'utf8').trim();

/** Whether this process may change the slack of other threads (CAP_SYS_NICE). */
const mayChange = ((): boolean => {
  const effective = /^CapEff:\s+([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return (BigInt(`0x${effective}`) & (1n << 23n)) !== 0n;
})();

test('the sampling thread of V8 is found, and its slack changed and given back where that is allowed', async () => {
  const session = new Session();
  session.connect();
  onTestFinished(() => session.disconnect());
  await session.post('Profiler.enable');
  const others = samplerThreads();
  await session.post('Profiler.start');
  const [tid, ...more] = samplerThreads().filter((one) => !others.includes(one));
  expect([tid, more]).toEqual([expect.any(Number), []]);
  const slack = createTimerSlack(Number(tid));
  expect(slack !== undefined).toBe(mayChange);
  if (slack === undefined) return;
  const usual = slackOf(Number(tid));
  slack.set(500);
  expect(slackOf(Number(tid))).toBe('500000000');
  slack.set(0);
  expect(slackOf(Number(tid))).toBe(usual);
});

test('of a thread that is gone nothing is changed, and nothing fails', () => {
  expect(createTimerSlack(2 ** 22 + 1)).toBeUndefined();
});
