// What can be seen of an actor from outside, read from the shared words of its thread.
import type { ActorVitals } from './actor-vitals.ts';
import { heartWord } from './heartbeat.ts';

const KB_PER_MB = 1_024;

export function vitalsOf(heart: Int32Array): ActorVitals {
  const read = (word: keyof typeof heartWord): number => Atomics.load(heart, heartWord[word]);
  const memoryKb = read('memoryKb');
  const cpu = read('cpu');
  const tid = read('tid');
  return {
    mailbox: read('mailbox'),
    ...(memoryKb > 0 && { memoryMb: Math.round((memoryKb / KB_PER_MB) * 10) / 10 }),
    ...(cpu >= 0 && { cpuPercent: cpu / 10 }),
    ...(tid > 0 && { tid }),
  };
}
