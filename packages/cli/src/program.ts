// The command line as a whole: options in, one exit code out. Errors go to stderr in one line that says what to do.
import { readFileSync } from 'node:fs';
import { type AnomalySettings, defaultAnomalySettings, fail, isError, reasonOf } from '@nodelens/core';
import { Command, CommanderError, Help, InvalidArgumentError, Option } from 'commander';
import { colorsFor } from './colors.ts';
import { attachCommand } from './commands/attach.ts';
import { history } from './commands/history.ts';
import { investigate } from './commands/investigate.ts';
import { ps } from './commands/ps.ts';
import { record } from './commands/record.ts';
import { replay } from './commands/replay.ts';
import { run } from './commands/run.ts';
import { snapshot } from './commands/snapshot.ts';
import { status } from './commands/status.ts';
import { tree } from './commands/tree.ts';
import { usage } from './commands/usage.ts';
import { watch } from './commands/watch.ts';
import { parseDuration, writeDuration } from './duration.ts';
import { exitCodeOfError, exitCodes } from './exit-code.ts';
import { plain } from './text.ts';

/** Sets `process.exitCode`; never rejects. */
export async function runProgram(argv: readonly string[]): Promise<void> {
  // `nodelens ps | head -1`: the reader is gone, and that is fine.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
  try {
    await createProgram().parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
      return;
    }
    process.exitCode = exitCodeOfError(error);
    const hint = isError(error, 'process_not_attached') ? ' (investigate --attach does both)' : '';
    process.stderr.write(`${colorsFor(process.stderr).red('nodelens:')} ${plain(reasonOf(error))}${hint}\n`);
  }
}

type Options = Record<string, never>;

function createProgram(): Command {
  const program = new Command('nodelens')
    .description('Names what is wrong in a running Node.js process: function, file and line.')
    .version(ownVersion())
    .enablePositionalOptions()
    .showHelpAfterError('(nodelens --help lists the commands)')
    .configureHelp({ optionDescription: describeOption })
    .exitOverride();
  const exitWith =
    <A extends readonly unknown[]>(action: (...args: A) => Promise<number>) =>
    async (...args: A): Promise<void> => {
      process.exitCode = await action(...args);
    };
  const anyPid = (): Option => new Option('-p, --pid <pid>', 'process to look at').argParser(parsePid);
  const pid = (): Option => anyPid().makeOptionMandatory();

  program
    .command('run')
    .description('start an app with Nodelens attached: nodelens run [node options] app.js [arguments]')
    .argument('[args...]')
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(
      exitWith(async (args: readonly string[], _: Options, command: Command) =>
        // Anywhere behind it belongs to the app.
        args[0] === '--help' || args[0] === '-h' ? command.help() : run(args),
      ),
    );
  program
    .command('investigate')
    .description('find out what is wrong in a running process, even while it is blocked')
    .addOption(pid())
    .option('-r, --reason <text>', 'what you have noticed', 'asked on the command line: what is wrong?')
    .option('-s, --skills <a,b>', 'only these operators or skills', parseList)
    .addOption(new Option('--strategy <name>', 'how it is led').choices(['agent-loop', 'pipeline']))
    .addOption(time('-t, --timeout <time>', 'deadline: 500ms, 120s, 5m', 120_000))
    .option('--json', 'one InvestigationResult on stdout, nothing else', false)
    .option('-v, --verbose', 'show progress even with --json', false)
    .option('--attach', 'attach first when the process is not attached', false)
    .action(exitWith(({ timeout, ...options }) => investigate({ ...options, timeoutMs: timeout })));
  program
    .command('attach')
    .description('bring Nodelens into a process that was started without it, even while it is blocked')
    .addOption(pid())
    .action(exitWith((options: Options & { pid: number }) => attachCommand(options)));
  program
    .command('ps')
    .description('list the attached processes')
    .option('--json', 'as JSON', false)
    .action(exitWith((options: Options & { json: boolean }) => ps(options)));
  program
    .command('status')
    .description('what Nodelens does in a process, as JSON')
    .addOption(pid())
    .action(exitWith((options: Options & { pid: number }) => status(options)));
  program
    .command('tree')
    .description('who runs in a process: status, restarts, mailbox, memory, CPU, last exit')
    .option('--json', 'as JSON', false)
    .addOption(pid())
    .action(exitWith((options: Options & { pid: number; json: boolean }) => tree(options)));
  program
    .command('history')
    .description('what was found until now, newest first; also of a service that no longer runs')
    .addOption(anyPid())
    .option('-d, --data-dir <folder>', 'instead of a process: the dataDir of the service')
    .option('--limit <n>', 'most insights and most notifications', parseLimit, 20)
    .option('--json', 'as JSON', false)
    .action(exitWith(history));
  program
    .command('usage')
    .description('what models cost: by operator, model and day, and how far the budgets are used')
    .addOption(anyPid())
    .option('-d, --data-dir <folder>', 'instead of a process: the dataDir of the service')
    .option('--json', 'as JSON', false)
    .action(exitWith(usage));
  program
    .command('snapshot')
    .description('the present snapshot of one skill, or of all, as JSON')
    .argument('[skill]', 'runtime, gc, collections or one of your own')
    .option('--all', 'of all skills')
    .addOption(pid())
    .action(exitWith(takeSnapshot));
  program
    .command('watch')
    .description('live events of a process, also while its main thread is blocked')
    .addOption(pid())
    .option('-t, --type <a,b>', 'only these: insight.produced, or all of an owner: operator', parseList)
    .option('--json', 'one JSON object a line', false)
    .action(exitWith(watch));
  program
    .command('record')
    .description('write the metrics of all skills of a process to a file, until Ctrl-C')
    .addOption(pid())
    .requiredOption('-o, --out <file>', 'JSON lines are added to it')
    .addOption(time('--every <time>', 'pace: 500ms, 30s, 5m', 30_000))
    .action(exitWith(({ every, ...options }) => record({ ...options, everyMs: every })));
  program
    .command('replay')
    .description('what the anomaly detector would have said of recorded metrics')
    .argument('<file>', 'JSON lines: { "at", "skill", "data" }')
    .addOption(time('--every <time>', 'pace of the file', defaultAnomalySettings.sampleEveryMs))
    .addOption(time('--learn <time>', 'how long it only learns', defaultAnomalySettings.learnMs))
    .option('--threshold <n>', 'robust standard deviations', parseThreshold, defaultAnomalySettings.threshold)
    .option('--consecutive <n>', 'samples in a row', parseLimit, defaultAnomalySettings.consecutive)
    .addOption(time('--cool-down <time>', 'before it is told again', defaultAnomalySettings.coolDownMs))
    .option('--json', 'one event a line, as JSON', false)
    .action(exitWith(replayWith));
  return program;
}

const standardHelp = new Help();

/** That a flag is off unless it is given goes without saying. */
const describeOption = (option: Option): string =>
  option.defaultValue === false ? option.description : standardHelp.optionDescription(option);

/** Its default is shown as it would be written. */
const time = (flags: string, description: string, defaultMs: number): Option =>
  new Option(flags, description).argParser(parseTimeout).default(defaultMs, writeDuration(defaultMs));

function takeSnapshot(
  skill: string | undefined,
  { pid, all = false }: { readonly pid: number; readonly all?: boolean },
): Promise<number> {
  if (all === (skill !== undefined))
    throw fail('option_invalid', { option: 'skill', reason: 'name one, or give --all for all of them.' });
  return snapshot({ pid, ...(skill !== undefined && { skill }) });
}

function parsePid(text: string): number {
  const pid = Number(text);
  if (!/^\d+$/.test(text) || pid < 1 || pid > 2 ** 31 - 1)
    throw new InvalidArgumentError('A pid is a whole number above zero.');
  return pid;
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (!/^\d+$/.test(text) || limit < 1 || limit > 1_000)
    throw new InvalidArgumentError('A limit is a whole number from 1 to 1000.');
  return limit;
}

function parseTimeout(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms > 24 * 3_600_000)
    throw new InvalidArgumentError('Write it as 500ms, 120s or 5m, at most 1440m.');
  return ms;
}

function parseThreshold(text: string): number {
  const threshold = Number(text);
  if (!(threshold >= 1 && threshold <= 100))
    throw new InvalidArgumentError('A threshold is a number from 1 to 100.');
  return threshold;
}

interface ReplayFlags extends Pick<AnomalySettings, 'threshold' | 'consecutive'> {
  readonly every: number;
  readonly learn: number;
  readonly coolDown: number;
  readonly json: boolean;
}

const replayWith = (file: string, { every, learn, coolDown, json, ...rest }: ReplayFlags): Promise<number> =>
  replay(file, {
    json,
    settings: { ...rest, sampleEveryMs: every, learnMs: learn, coolDownMs: coolDown },
  });

function parseList(text: string): readonly string[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) throw new InvalidArgumentError('Name at least one, separated by commas.');
  return names;
}

function ownVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
