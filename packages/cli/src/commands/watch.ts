// `nodelens watch`: what happens in the process, live, until Ctrl-C or the process ends: a line for people, or one JSON
// object a line.
import { eventDocs, fail, type ToldEvent, type WatchEvent } from '@nodelens/core';
import { colorsFor } from '../colors.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { renderTold } from '../told.ts';
import { untilInterrupted } from '../until-interrupted.ts';

export interface WatchOptions {
  readonly pid: number;
  readonly json: boolean;
  /** Types of events (`insight.produced`) or owners of several (`operator`); all when absent. */
  readonly type?: readonly string[];
}

export async function watch(options: WatchOptions): Promise<ExitCode> {
  assertKnown(options.type ?? []);
  await untilInterrupted(options.pid, (client, signal) =>
    client.request(
      'watch',
      {},
      { timeoutMs: Number.POSITIVE_INFINITY, signal, onEvent: (event) => print(event, options) },
    ),
  );
  return exitCodes.ok;
}

function print(event: ToldEvent | WatchEvent, { json, type: wanted }: WatchOptions): void {
  if (wanted !== undefined && event.type !== 'watch.gap' && !wanted.some((type) => covers(type, event.type)))
    return;
  const line = json ? JSON.stringify(event) : renderTold(event, colorsFor(process.stdout));
  if (line !== undefined) process.stdout.write(`${line}\n`);
}

const covers = (wanted: string, type: string): boolean => type === wanted || type.startsWith(`${wanted}.`);

/** A type that never comes would look like a process in which nothing happens. */
function assertKnown(wanted: readonly string[]): void {
  const types = Object.keys(eventDocs);
  for (const type of wanted)
    if (!types.some((known) => covers(type, known)))
      throw fail('option_invalid', {
        option: '--type',
        reason: `there is no event "${type}"; known: ${types.join(', ')}.`,
      });
}
