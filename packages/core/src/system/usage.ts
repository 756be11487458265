// The question for what was spent; the model desk is on the recorder thread.
import type { MessagePort } from 'node:worker_threads';
import { connectRpc } from '../rpc.ts';
import type { ModelDesk } from '../spending/model-desk.ts';
import type { UsageReport } from '../spending/usage-report.ts';

const ANSWER_MS = 5_000;

/**
 * @param open a port to the service `models`
 * @throws NodelensError `rpc_timeout`, `rpc_peer_gone`
 */
export async function askUsage(open: () => MessagePort): Promise<UsageReport> {
  const { remote, close } = connectRpc<ModelDesk>(open(), { peer: 'the model desk', timeoutMs: ANSWER_MS });
  try {
    return await remote.usage();
  } finally {
    close();
  }
}
