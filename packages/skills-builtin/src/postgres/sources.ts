// What the callbacks read.
import type { ProbeFeed, RecorderContext } from '@nodelens/core';
import type { Past } from './past.ts';
import type { AskServer } from './server.ts';

export interface Sources {
  readonly context: RecorderContext;
  readonly feed: ProbeFeed;
  readonly past: Past;
  readonly askServer: AskServer;
}
