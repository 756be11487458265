// The prompt cache of the Messages API as its documentation describes it: what is cached are prefixes of tools, system
// prompt and messages, in that order, up to a block that carries cache_control. It counts; it answers nothing.
import { createHash } from 'node:crypto';
import { fail } from '@nodelens/core';
import type { MessagesRequest } from './messages-request.ts';
import { promptBlocks } from './prompt-blocks.ts';

export interface PromptCacheOptions {
  /**
   * Shorter prefixes are not cached. Default 1,024 (Claude Sonnet, Opus 4.1); Claude Haiku 4.5 and Opus 4.5 need
   * 4,096, see https://docs.claude.com/en/docs/build-with-claude/prompt-caching
   */
  readonly minTokens?: number;
  /** How long a prefix is kept after its last use, in ms. Default 300,000. */
  readonly ttlMs?: number;
  /** Wall-clock ms. Default Date.now. */
  readonly now?: () => number;
  /** Default: a token for every four characters, rounded up for each block. */
  readonly countTokens?: (text: string) => number;
}

/** As the provider tells it: the three add up to the whole prompt. */
export interface InputUsage {
  /** Neither read from the cache nor written to it. */
  readonly input_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_read_input_tokens: number;
}

export interface Admission {
  readonly usage: InputUsage;
  /** Keeps the prefixes of this request: a provider does so when its answer begins, not when the request arrives. */
  commit(): void;
}

export interface PromptCache {
  /** @throws NodelensError `model_failed` for more breakpoints than the API takes. */
  admit(request: MessagesRequest): Admission;
}

const MAX_BREAKPOINTS = 4;
/** A prefix is looked for at so many blocks before a breakpoint. */
const LOOK_BACK = 20;

/** Four characters to a token, as the provider's own rule of thumb says. */
export const estimatedTokens = (text: string): number => Math.ceil(text.length / 4);

interface Prefix {
  readonly hash: string;
  /** Of the whole prefix. */
  readonly tokens: number;
  readonly isBreakpoint: boolean;
}

export function createPromptCache(options: PromptCacheOptions = {}): PromptCache {
  const { minTokens = 1_024, ttlMs = 300_000, now = Date.now, countTokens = estimatedTokens } = options;
  const keptUntilMs = new Map<string, number>();
  const isKept = ({ hash }: Prefix): boolean => (keptUntilMs.get(hash) ?? 0) > now();
  return {
    admit(request) {
      const prefixes = prefixesOf(request, countTokens);
      const total = prefixes.at(-1)?.tokens ?? 0;
      const points = prefixes.flatMap(({ isBreakpoint }, index) => (isBreakpoint ? [index] : []));
      if (points.length > MAX_BREAKPOINTS)
        throw fail('model_failed', {
          model: request.model,
          reason: `a maximum of ${MAX_BREAKPOINTS} blocks with cache_control may be provided. Found ${points.length}.`,
        });
      const cacheable = points.filter((index) => (prefixes[index]?.tokens ?? 0) >= minTokens);
      const looked = cacheable.flatMap((index) => prefixes.slice(Math.max(0, index - LOOK_BACK), index + 1));
      const read = Math.max(0, ...looked.filter(isKept).map(({ tokens }) => tokens));
      const written = Math.max(read, ...cacheable.map((index) => prefixes[index]?.tokens ?? 0));
      return {
        usage: {
          input_tokens: total - written,
          cache_creation_input_tokens: written - read,
          cache_read_input_tokens: read,
        },
        commit() {
          for (const [hash, untilMs] of keptUntilMs) if (untilMs <= now()) keptUntilMs.delete(hash);
          const used = [...cacheable.map((index) => prefixes[index]), ...looked.filter(isKept)];
          for (const prefix of used) if (prefix !== undefined) keptUntilMs.set(prefix.hash, now() + ttlMs);
        },
      };
    },
  };
}

/** One for each block, from the first block to it. */
function prefixesOf(request: MessagesRequest, countTokens: (text: string) => number): readonly Prefix[] {
  let hash = '';
  let tokens = 0;
  return promptBlocks(request).map(({ identity, text, isBreakpoint }) => {
    hash = createHash('sha256').update(hash).update(identity).digest('base64');
    tokens += countTokens(text);
    return { hash, tokens, isBreakpoint };
  });
}
