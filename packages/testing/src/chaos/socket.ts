// The control socket as the harness uses it: investigations that start, are cancelled or lose their caller, and the
// history. A recorder that has just died answers nobody: that is expected and counted, not wrong.
import { ControlClient, type ControlResults, isError } from '@nodelens/core';
import { complaintAboutInvestigation } from './answers.ts';
import { reasonOfOrder } from './chaos-model.ts';
import type { RunAction } from './schedule.ts';
import type { SettledRun } from './wire.ts';

export type StoredHistory = ControlResults['history'];

const HISTORY_MS = 10_000;
const HISTORY_ROWS = 1_000;

export interface SocketAddress {
  readonly pid: number;
  readonly path: string;
}

/** Never rejects. @param slackMs how long after its deadline a run may take to answer. */
export async function investigateOverSocket(
  { pid, path }: SocketAddress,
  action: RunAction,
  slackMs: number,
): Promise<SettledRun> {
  const startedAt = performance.now();
  const settled = (ended: string, complaint?: string): SettledRun => ({
    id: action.order.id,
    kind: 'socket-run',
    ended,
    durationMs: performance.now() - startedAt,
    ...(complaint !== undefined && { complaint }),
  });
  let client: ControlClient | undefined;
  try {
    client = await ControlClient.connect(pid, path);
    const cancel = new AbortController();
    const timer = setTimeout(
      () => interrupt(action, { client, cancel }),
      action.cancelAfterMs ?? 2 ** 31 - 1,
    );
    const result = await client
      .request(
        'investigate',
        { reason: reasonOfOrder(action.order), skills: ['chaos-once'], timeoutMs: action.timeoutMs },
        { timeoutMs: action.timeoutMs + slackMs, signal: cancel.signal },
      )
      .finally(() => clearTimeout(timer));
    return settled(result.status, complaintAboutInvestigation(result));
  } catch (error) {
    return isError(error) ? settled(error.code) : settled('a foreign error', String(error));
  } finally {
    client?.close();
  }
}

/** Half of the callers say that they lost interest, the others are just gone. */
function interrupt(
  { order }: RunAction,
  { client, cancel }: { client: ControlClient | undefined; cancel: AbortController },
): void {
  if (order.id % 2 === 0) cancel.abort();
  else client?.close();
}

/** Undefined while nobody answers, or when this version keeps no history. */
export async function readHistory(
  { pid, path }: SocketAddress,
  investigationId: string | undefined,
): Promise<StoredHistory | undefined> {
  let client: ControlClient | undefined;
  try {
    client = await ControlClient.connect(pid, path);
    const query = { limit: HISTORY_ROWS, ...(investigationId !== undefined && { investigationId }) };
    return await client.request('history', query, { timeoutMs: HISTORY_MS });
  } catch {
    return undefined;
  } finally {
    client?.close();
  }
}
