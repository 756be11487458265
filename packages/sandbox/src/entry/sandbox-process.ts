// First file of the sandbox process: serves the host, and never outlives it.
import type { FromSandbox, ToSandbox } from '../protocol.ts';

const send = (message: FromSandbox): void => {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
};

// An orderly exit would wait for isolates, and a stuck one never ends.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// Ctrl-C in a terminal reaches the whole group; when to end is the host's decision.
process.on('SIGINT', () => undefined);

try {
  const { Runner } = await import('../runner.ts');
  const runner = new Runner(send);
  process.on('message', (message: ToSandbox) => runner.accept(message));
  send({ type: 'ready' });
} catch (error) {
  send({ type: 'unusable', reason: error instanceof Error ? error.message : String(error) });
}
