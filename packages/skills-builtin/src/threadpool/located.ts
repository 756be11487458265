// Where a frame stands in its source. The recorder reads source maps by libuv's threads: where those are full, which is
// what is looked into here, the place as it is must do.
import type { CodeLocation, RecorderContext } from '@nodelens/core';
import { pause } from '../pause.ts';

const WAIT_MS = 400;

export async function located(
  frame: CodeLocation,
  { locate }: Pick<RecorderContext, 'locate'>,
): Promise<CodeLocation> {
  const over = new AbortController();
  const late = pause(WAIT_MS, over.signal).then(() => frame);
  return Promise.race([locate(frame), late]).finally(() => over.abort());
}
