// How a child process is called: its program, and its script if it has one. Never its arguments, which may hold
// secrets. Pure.
import { basename } from 'node:path';
import { boundedFile } from './bounds.ts';

const SCRIPT = /^[\w@./+ -]{1,300}\.(?:[cm]?[jt]sx?|py|rb|pl|php|jar|sh)$/;
const INTERPRETER = /^(?:node|nodejs|bun|deno|python[\d.]*|ruby[\d.]*|perl|php[\d.]*|java|sh|bash|dash|zsh)$/;
const SHELL = /^(?:sh|bash|dash|zsh)$/;
/** What follows is a program's text. */
const TEXT_OPTION = /^(?:-[ecp]|-pe|--eval|--print|--command)$/;
/** What follows is a file that is loaded before the script. */
const FILE_OPTION = /^(?:-r|--require|--import|--loader|--experimental-loader)$/;
const PROGRAM = /^[\w./+-]{1,100}$/;
const MAX_CHARS = 100;
const MAX_ARGUMENTS = 20;

export interface Command {
  readonly name: string;
  /** The script that the program runs, as it was given. */
  readonly file?: string;
}

export function commandOf(program: unknown, given: unknown): Command {
  const name = basename(String(program)).slice(0, MAX_CHARS);
  if (!INTERPRETER.test(name) || !Array.isArray(given)) return { name };
  const args = given.slice(1, MAX_ARGUMENTS).filter((arg) => typeof arg === 'string');
  const shellCommand = SHELL.test(name) && args[0] === '-c' ? args[1] : undefined;
  if (shellCommand !== undefined) return { name: inShell(name, shellCommand) };
  const file = boundedFile(scriptIn(args));
  return file === undefined ? { name } : { name: `${name} ${basename(file)}`.slice(0, MAX_CHARS), file };
}

/** The first that is a script, and no option, nor an option's value. */
function scriptIn(args: readonly string[]): string | undefined {
  if (args.some((arg) => TEXT_OPTION.test(arg))) return undefined;
  return args.find(
    (arg, at) => !arg.startsWith('-') && SCRIPT.test(arg) && !FILE_OPTION.test(args[at - 1] ?? ''),
  );
}

/** `exec('convert a.png b.png')` is `sh: convert`. */
function inShell(shell: string, command: string): string {
  const [program = ''] = command
    .trimStart()
    .slice(0, MAX_CHARS)
    .split(/[\s;|&<>]/, 1);
  return PROGRAM.test(program) ? `${shell}: ${basename(program)}` : shell;
}
