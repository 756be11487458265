// What the skill draws from, and how its parts are shown: frames at their place in the source.
import type { JsonObject, ProbeFeed, RecorderContext } from '@nodelens/core';
import type { Frame, Life } from './life.ts';
import type { Lives } from './lives.ts';
import { reasonOf } from './reason.ts';
import type { SilentThreads } from './silent-threads.ts';
import type { Watch } from './watch.ts';

export interface Sources {
  /** Folder that holds the machine's `proc`. */
  readonly root: string;
  readonly context: RecorderContext;
  readonly feed: ProbeFeed;
  readonly lives: Lives;
  readonly watch: Watch;
  readonly silent: SilentThreads;
}

export type Locate = (frame: Frame | undefined) => Promise<JsonObject | null>;

/** `null` for no frame; where it cannot be located, it is told as it runs. */
export const locator =
  ({ locate }: Pick<RecorderContext, 'locate'>): Locate =>
  async (frame) => {
    if (frame === undefined) return null;
    const { name, file, line } = await locate(frame).catch(() => frame);
    return { name, file, line };
  };

export async function describeEnd(life: Life, locate: Locate, nowMs: number): Promise<JsonObject> {
  const { kind, name, file, exitCode, signal, error, endedAtMs = nowMs } = life;
  return {
    kind,
    name,
    ...(file !== undefined && { file }),
    reason: reasonOf(life),
    exitCode: exitCode ?? null,
    signal: signal ?? null,
    ...(error !== undefined && {
      error: {
        type: error.type,
        code: error.code,
        message: error.message,
        frame: await locate(error.frame),
      },
    }),
    starter: await locate(life.starter),
    endedAtMs,
    agoMs: Math.max(0, nowMs - endedAtMs),
    livedMs: Math.max(0, endedAtMs - life.startedAtMs),
  };
}
