// `nodelens usage`: what models cost, of a process that runs or from the data folder of one that does not.
import { fail, readStoredUsage, type UsageReport } from '@nodelens/core';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { connectToProcess } from '../find-process.ts';
import { renderUsage } from '../render-usage.ts';
import { answerMs } from './status.ts';

export interface UsageOptions {
  readonly pid?: number;
  readonly dataDir?: string;
  readonly json: boolean;
}

/** @throws NodelensError `option_invalid` unless it gets either a pid or a folder. */
export async function usage({ pid, dataDir, json }: UsageOptions): Promise<ExitCode> {
  const report = await read(pid, dataDir);
  process.stdout.write(`${json ? JSON.stringify(report, null, 2) : renderUsage(report)}\n`);
  return exitCodes.ok;
}

async function read(pid: number | undefined, dataDir: string | undefined): Promise<UsageReport> {
  if (pid !== undefined && dataDir === undefined) return ask(pid);
  if (pid === undefined && dataDir !== undefined) return readStoredUsage(dataDir);
  throw fail('option_invalid', { option: '--pid, --data-dir', reason: 'give one of the two.' });
}

async function ask(pid: number): Promise<UsageReport> {
  const client = await connectToProcess(pid);
  try {
    return await client.request('usage', {}, { timeoutMs: answerMs });
  } finally {
    client.close();
  }
}
