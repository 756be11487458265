// `nodelens attach`: brings Nodelens into a process that was started without it.
import { attach } from '../attach.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';

export async function attachCommand(options: { readonly pid: number }): Promise<ExitCode> {
  const { client, already } = await attach(options.pid, {
    onWait: (reason) => void process.stderr.write(`waiting: ${reason}\n`),
  });
  client.close();
  process.stdout.write(
    already
      ? `Process ${options.pid} is attached already.\n`
      : `Attached to process ${options.pid}. Next: nodelens investigate --pid ${options.pid}\n`,
  );
  return exitCodes.ok;
}
