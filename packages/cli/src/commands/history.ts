// `nodelens history`: what was found until now, of a process that runs or from the data folder of one that does not.
import {
  type ControlClient,
  fail,
  type HistoryQuery,
  readStoredHistory,
  type StoredHistory,
} from '@nodelens/core';
import { colorsFor } from '../colors.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { connectToProcess } from '../find-process.ts';
import { renderHistory } from '../render-history.ts';
import { answerMs } from './status.ts';

export interface HistoryOptions {
  readonly pid?: number;
  readonly dataDir?: string;
  readonly json: boolean;
  readonly limit: number;
}

/** @throws NodelensError `option_invalid` unless it gets either a pid or a folder. */
export async function history({ pid, dataDir, json, limit }: HistoryOptions): Promise<ExitCode> {
  const found = await read({ ...(pid && { pid }), ...(dataDir !== undefined && { dataDir }) }, { limit });
  const text = json ? JSON.stringify(found, null, 2) : renderHistory(found, colorsFor(process.stdout));
  process.stdout.write(`${text}\n`);
  return exitCodes.ok;
}

async function read(
  { pid, dataDir }: Pick<HistoryOptions, 'pid' | 'dataDir'>,
  query: HistoryQuery,
): Promise<StoredHistory> {
  if (pid !== undefined && dataDir === undefined) return ask(pid, query);
  if (pid === undefined && dataDir !== undefined) return readStoredHistory(dataDir, query);
  throw fail('option_invalid', { option: '--pid, --data-dir', reason: 'give one of the two.' });
}

async function ask(pid: number, query: HistoryQuery): Promise<StoredHistory> {
  const client: ControlClient = await connectToProcess(pid);
  try {
    return await client.request('history', query, { timeoutMs: answerMs });
  } finally {
    client.close();
  }
}
