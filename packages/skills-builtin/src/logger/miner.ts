// Patterns from lines, as Drain does it (He et al., ICWS 2017): a tree of fixed depth (level and logger, number of
// words, first word), at its leaves the patterns; a line joins the most similar one, or begins its own. Bounded in
// patterns and in what is compared for one line; the pattern that was seen longest ago makes room. Pure but for its state.
import type { AppFrame } from '../app-frame.ts';
import type { Level } from './levels.ts';
import { maskedTokens } from './mask.ts';
import type { LogLine } from './read-line.ts';
import { createSeries, type Series } from './series.ts';

export interface Pattern {
  readonly id: string;
  /** Words that differ are `<*>`; kinds of values are `<num>`, `<path>` and so on. */
  readonly text: string;
  readonly level: Level;
  readonly logger: string;
  readonly errorName: string | undefined;
  readonly count: number;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  /** Lines of all patterns before its first. */
  readonly linesBefore: number;
  /** The function of the app that threw the newest error of it. */
  readonly thrownBy: AppFrame | undefined;
  /** The newest line of it. */
  readonly example: string;
  readonly series: Series;
}

export interface MinerLimits {
  readonly patterns: number;
  /** First words apart from each other at one place of the tree; further ones share a branch. */
  readonly branches: number;
  readonly patternsOfLeaf: number;
}

export interface Miner {
  /** The id of the line's pattern. */
  add(line: LogLine): string;
  patterns(): readonly Pattern[];
  /** Lines of all patterns. */
  readonly lines: number;
  /** Patterns that have made room for others. */
  readonly evicted: number;
}

const LIMITS: MinerLimits = { patterns: 400, branches: 32, patternsOfLeaf: 40 };
/** Drain's default: at least half of the words are the same. */
const SIMILARITY = 0.5;
const ANY = '<*>';
const MAX_EXAMPLE = 300;

type Draft = { -readonly [key in keyof Pattern]: Pattern[key] } & { tokens: readonly string[]; leaf: Leaf };

interface Leaf {
  readonly group: Map<string, Leaf>;
  readonly branch: string;
  /** The one seen last comes first. */
  drafts: Draft[];
}

export function createMiner(limits: MinerLimits = LIMITS): Miner {
  const groups = new Map<string, Map<string, Leaf>>();
  // In the order of when they were seen.
  const drafts = new Map<string, Draft>();
  let created = 0;
  let lines = 0;
  let evicted = 0;
  const evict = (draft: Draft): void => {
    evicted += 1;
    drafts.delete(draft.id);
    const { leaf } = draft;
    leaf.drafts = leaf.drafts.filter((other) => other !== draft);
    if (leaf.drafts.length === 0) leaf.group.delete(leaf.branch);
    if (leaf.group.size === 0) groups.delete(groupKey(draft, draft.tokens));
  };
  return {
    add(line) {
      const tokens = maskedTokens(line.message);
      const leaf = leafOf(groups, line, { tokens, branches: limits.branches });
      const draft =
        mostSimilar(leaf.drafts, tokens) ??
        begin(line, { id: `p${++created}`, tokens, leaf, linesBefore: lines });
      lines += 1;
      merge(draft, line, tokens);
      leaf.drafts = [draft, ...leaf.drafts.filter((other) => other !== draft)];
      drafts.delete(draft.id);
      drafts.set(draft.id, draft);
      const last = leaf.drafts.at(-1);
      if (leaf.drafts.length > limits.patternsOfLeaf && last !== undefined) evict(last);
      const [oldest] = drafts.values();
      if (drafts.size > limits.patterns && oldest !== undefined) evict(oldest);
      return draft.id;
    },
    patterns: () => [...drafts.values()].map(({ tokens: _, leaf: __, ...pattern }) => pattern),
    get lines() {
      return lines;
    },
    get evicted() {
      return evicted;
    },
  };
}

const begin = (line: LogLine, place: Pick<Draft, 'id' | 'tokens' | 'leaf' | 'linesBefore'>): Draft => ({
  ...place,
  text: place.tokens.join(' '),
  level: line.level,
  logger: line.logger,
  errorName: line.errorName,
  thrownBy: line.thrownBy,
  count: 0,
  firstSeenMs: line.atMs,
  lastSeenMs: line.atMs,
  example: '',
  series: createSeries(),
});

const groupKey = ({ level, logger }: Pick<Pattern, 'level' | 'logger'>, tokens: readonly string[]): string =>
  `${level}\0${logger}\0${tokens.length}`;

function leafOf(
  groups: Map<string, Map<string, Leaf>>,
  line: LogLine,
  { tokens, branches }: { readonly tokens: readonly string[]; readonly branches: number },
): Leaf {
  const key = groupKey(line, tokens);
  const group = groups.get(key) ?? new Map<string, Leaf>();
  groups.set(key, group);
  const first = tokens[0] ?? '';
  const isVariable = first.includes('<') || (!group.has(first) && group.size >= branches);
  const branch = isVariable ? ANY : first;
  const leaf = group.get(branch) ?? { group, branch, drafts: [] };
  group.set(branch, leaf);
  return leaf;
}

function mostSimilar(drafts: readonly Draft[], tokens: readonly string[]): Draft | undefined {
  // One word in common says nothing: `Server started`, `Server stopped`.
  let best = Math.max(Math.ceil(tokens.length * SIMILARITY), Math.min(tokens.length, 2)) - 1;
  let found: Draft | undefined;
  for (const draft of drafts) {
    const same = sameTokens(draft.tokens, tokens);
    if (same <= best) continue;
    best = same;
    found = draft;
  }
  return found;
}

function sameTokens(one: readonly string[], other: readonly string[]): number {
  let same = 0;
  for (let index = 0; index < one.length; index += 1) if (one[index] === other[index]) same += 1;
  return same;
}

function merge(draft: Draft, line: LogLine, tokens: readonly string[]): void {
  if (sameTokens(draft.tokens, tokens) < tokens.length) {
    const merged = draft.tokens.map((token, index) => (token === tokens[index] ? token : ANY));
    if (sameTokens(draft.tokens, merged) < merged.length) {
      draft.tokens = merged;
      draft.text = merged.join(' ');
    }
  }
  draft.count += 1;
  draft.lastSeenMs = line.atMs;
  draft.example = line.message.slice(0, MAX_EXAMPLE);
  draft.errorName ??= line.errorName;
  draft.thrownBy = line.thrownBy ?? draft.thrownBy;
  draft.series.add(line.atMs);
}
