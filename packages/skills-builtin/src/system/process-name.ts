// A process's name for people: `node worker.ts` says more than the 15 characters that the kernel keeps, which Node sets
// to `MainThread`. Pure. Of the arguments only the name of a script is taken: the others may hold secrets.
import { basename } from 'node:path';

const INTERPRETER = /^(node|nodejs|bun|deno|python[\d.]*|ruby[\d.]*|perl|php[\d.]*|java|sh|bash)$/;
const SCRIPT = /^[\w@./+-]{1,300}\.(?:[cm]?[jt]sx?|py|rb|pl|php|jar|sh)$/;
const MAX_LENGTH = 60;

/** @param commandLine `/proc/<pid>/cmdline`: arguments, each with a NUL behind it */
export function processName(commandLine: string | undefined, comm: string): string {
  const [program = '', ...args] = (commandLine ?? '').split('\0');
  // A program that writes a title into its command line leaves spaces behind.
  const name = basename(program.split(' ')[0] ?? '').replace(/:$/, '') || comm;
  if (!INTERPRETER.test(name)) return name.slice(0, MAX_LENGTH);
  const script = args.find((arg) => SCRIPT.test(arg));
  return (script === undefined ? name : `${name} ${basename(script)}`).slice(0, MAX_LENGTH);
}
