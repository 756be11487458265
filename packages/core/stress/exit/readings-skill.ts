// A skill that keeps the inspector busy: what the end of the process meets is a request in flight.
import type { RecorderContext } from '../../src/recorder/context.ts';
import type { Skill } from '../../src/skill.ts';

export function createReadings(context: RecorderContext): Skill {
  const read = async (): Promise<void> => {
    await Promise.allSettled([context.profile(1_000), context.liveAllocations(10_000)]);
    setImmediate(() => void read());
  };
  void read();
  return {
    id: 'readings',
    title: 'Readings',
    description: 'Reads all the time',
    systemPrompt: 'Reads.',
    snapshot: () => ({}),
    callbacks: {},
  };
}
