// `nodelens tree`: who runs in a process, how it is supervised and how it is doing; also while main is blocked.
import { colorsFor } from '../colors.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { connectToProcess } from '../find-process.ts';
import { renderTree } from '../render-tree.ts';
import { answerMs } from './status.ts';

export async function tree(options: { readonly pid: number; readonly json: boolean }): Promise<ExitCode> {
  const client = await connectToProcess(options.pid);
  try {
    const root = await client.request('tree', {}, { timeoutMs: answerMs });
    const text = options.json
      ? JSON.stringify(root)
      : renderTree(root, {
          colors: colorsFor(process.stdout),
          // A terminal that nobody has told its size (docker exec -t, CI) says 0.
          width: process.stdout.columns || Number.POSITIVE_INFINITY,
          nowMs: Date.now(),
        });
    process.stdout.write(`${text}\n`);
  } finally {
    client.close();
  }
  return exitCodes.ok;
}
