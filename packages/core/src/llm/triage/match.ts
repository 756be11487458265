// Which operators a reason calls for. Pure.
import type { SkillDescriptor } from '../../skill-host.ts';

export interface Candidate {
  readonly name: string;
  readonly skill: SkillDescriptor;
}

/** Words that stand in many reasons and descriptions and point at nothing. */
const STOP_WORDS = new Set(
  (
    'about after alert and application are been does for from has have healthy high into its javascript look low main ' +
    'more most node not over per please process recent service show some something system test than that the their ' +
    'them there this too very was what when where which why will with wrong'
  ).split(' '),
);

/**
 * Names of the operators whose keywords, id, name or title stand in the reason, with those whose description shares
 * a word. Without a match by keyword, id, name or title that is a guess, so it is all of them.
 */
export function matchOperators(reason: string, candidates: readonly Candidate[]): readonly string[] {
  const words = wordsOf(reason);
  const certain = candidates.filter((candidate) => isNamedIn(words, candidate));
  if (certain.length === 0) return candidates.map(({ name }) => name);
  const matched = candidates.filter(
    (candidate) => certain.includes(candidate) || sharesWord(words, candidate.skill.description),
  );
  return matched.map(({ name }) => name);
}

function isNamedIn(words: readonly string[], { name, skill }: Candidate): boolean {
  const phrases = [name, skill.id, ...skill.keywords].map(wordsOf);
  return phrases.some((phrase) => contains(words, phrase)) || sharesWord(words, skill.title);
}

/** A phrase is in a text when its words stand there one after the other. */
function contains(words: readonly string[], phrase: readonly string[]): boolean {
  if (phrase.length === 0) return false;
  return words.some((_, start) => phrase.every((word, index) => words[start + index] === word));
}

function sharesWord(words: readonly string[], text: string): boolean {
  const known = new Set(wordsOf(text).filter(isTelling));
  return words.some((word) => isTelling(word) && known.has(word));
}

const isTelling = (word: string): boolean => word.length > 2 && !STOP_WORDS.has(word);

/** Lower case, without common endings: `blocked` and `blocking` are `block`. */
const wordsOf = (text: string): readonly string[] =>
  (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => stemOf(word));

const stemOf = (word: string): string =>
  word.length > 4 ? word.replace(/(?:ings?|ed|es|s)$/, '').replace(/([bdgklmnprt])\1$/, '$1') : word;
