// The continuous operators as other threads ask about them: they live on the recorder thread.
import type { MessagePort } from 'node:worker_threads';
import type { ResidentsDesk } from '../continuous/residents-desk.ts';
import { connectRpc } from '../rpc.ts';

/** A new version may have to start its thread, and the old one may take its time to stop. */
const REPLACE_MS = 60_000;
/** Skills may have to be described first. */
const ANSWER_MS = 15_000;

/**
 * Asks on a port of its own.
 * @param port opens one to the service `residents`.
 * @throws NodelensError what the desk says, `rpc_timeout`, `rpc_peer_gone`.
 */
export async function askResidents<T>(
  port: () => MessagePort,
  ask: (desk: ResidentsDesk) => Promise<T>,
  timeoutMs: number = ANSWER_MS,
): Promise<T> {
  const { remote, close } = connectRpc<ResidentsDesk>(port(), {
    peer: 'the recorder',
    timeoutMs,
    timeoutOf: (method) => (method === 'replace' ? REPLACE_MS : undefined),
  });
  try {
    return await ask(remote);
  } finally {
    close();
  }
}
