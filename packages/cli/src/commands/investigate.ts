// `nodelens investigate`: starts an investigation in a running process, shows it live and prints what was found.

import type { BuiltinStrategy, ControlClient } from '@nodelens/core';
import { type InvestigationResult, isError } from '@nodelens/core';
import { attach } from '../attach.ts';
import { colorsFor } from '../colors.ts';
import { type ExitCode, exitCodeOfResult } from '../exit-code.ts';
import { connectToProcess } from '../find-process.ts';
import { renderEvent } from '../progress.ts';
import { renderResult } from '../render.ts';

export interface InvestigateOptions {
  readonly pid: number;
  readonly reason: string;
  readonly skills?: readonly string[];
  /** Default: the process's own. */
  readonly strategy?: BuiltinStrategy['name'];
  readonly timeoutMs: number;
  readonly json: boolean;
  readonly verbose: boolean;
  /** Attaches first when the process is not attached. */
  readonly attach: boolean;
}

/** The process answers at its deadline with what it has; the command must not give up before. */
const answerSlackMs = 20_000;

export async function investigate(options: InvestigateOptions): Promise<ExitCode> {
  const client = await connectOrAttach(options);
  const controller = new AbortController();
  // The first Ctrl-C hands over what was found so far; the second one ends the command.
  const cancel = (): void => controller.abort();
  process.once('SIGINT', cancel).once('SIGTERM', cancel);
  try {
    const result = await run(client, options, controller.signal);
    process.stdout.write(
      options.json ? `${JSON.stringify(result)}\n` : `\n${renderResult(result, colorsFor(process.stdout))}\n`,
    );
    return exitCodeOfResult(result.status);
  } finally {
    process.off('SIGINT', cancel).off('SIGTERM', cancel);
    client.close();
  }
}

function run(
  client: ControlClient,
  options: InvestigateOptions,
  signal: AbortSignal,
): Promise<InvestigationResult> {
  const colors = colorsFor(process.stderr);
  const quiet = isQuiet(options);
  const { reason, skills, strategy: name, timeoutMs } = options;
  const strategy = name === undefined ? {} : { strategy: { kind: 'builtin-strategy', name } as const };
  return client.request(
    'investigate',
    { reason, timeoutMs, ...(skills && { skills }), ...strategy },
    {
      timeoutMs: timeoutMs + answerSlackMs,
      signal,
      onEvent: (event) => {
        const line = quiet ? undefined : renderEvent(event, colors);
        if (line !== undefined) process.stderr.write(`${line}\n`);
      },
    },
  );
}

async function connectOrAttach(options: InvestigateOptions): Promise<ControlClient> {
  try {
    return await connectToProcess(options.pid);
  } catch (error) {
    if (!isError(error, 'process_not_attached') || !options.attach) throw error;
  }
  const onWait = (reason: string): void => {
    if (!isQuiet(options)) process.stderr.write(`waiting: ${reason}\n`);
  };
  return (await attach(options.pid, { onWait })).client;
}

const isQuiet = ({ json, verbose }: InvestigateOptions): boolean => json && !verbose && !process.stderr.isTTY;
