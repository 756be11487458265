// Where the figures of the queues come from.
import type { ProbeFeed, RecorderContext } from '@nodelens/core';

export interface QueueSources {
  readonly context: RecorderContext;
  /** Of the probe `requests`. */
  readonly requests: ProbeFeed;
  /** Of the probe `queues`. */
  readonly main: ProbeFeed;
  /** Folder that holds `proc`. */
  readonly root: string;
}
