// A statement without what changes from call to call: literals, lists and comments. Pure; linear in the length, and the
// values that were written into the text do not leave it.

const MAX_LENGTH = 400;

/**
 * Comments, texts (plain, escaped, dollar-quoted; to the end where they are cut off), parameters, quoted names, words,
 * numbers, space.
 */
const TOKEN =
  /(--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\s+)|([eE]'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)|(?:[uU]&|[bBxXnN])?'(?:[^']|'')*(?:'|$)|\$([A-Za-z_][A-Za-z_0-9]*)?\$[\s\S]*?(?:\$\3\$|$)|\$\d+)|("(?:[^"]|"")*(?:"|$)|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|((?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|0[xXoObB][\da-fA-F]+)|([\s\S])/g;

export function fingerprintOf(text: string): string {
  const bare = text
    .replace(TOKEN, (token, gap, literal, _tag, _name, number) => {
      if (gap !== undefined) return ' ';
      return literal !== undefined || number !== undefined ? '?' : token;
    })
    .replace(/ {2,}/g, ' ')
    .trim();
  return lists(bare).slice(0, MAX_LENGTH) || '(empty)';
}

/** `IN (?, ?, ?)` and `VALUES (?, ?), (?, ?)` of any length are one statement. */
const lists = (text: string): string =>
  text
    .replace(/(?<=[(,[] ?)[-+] ?\?/g, '?')
    .replace(/\( ?\?(?: ?, ?\?)+ ?\)/g, '(?, …)')
    .replace(/\[ ?\?(?: ?, ?\?)+ ?\]/g, '[?, …]')
    .replace(/\b(in) ?\( ?\? ?\)/gi, '$1 (?, …)')
    .replace(/(\((?:\?|\?, …)\))(?: ?, ?\((?:\?|\?, …)\))+/g, '$1, …');

const CONTROL =
  /^(?:begin|start transaction|commit|end|rollback|abort|savepoint|release|set|show|reset|discard|deallocate|listen|unlisten|notify)\b|^\(empty\)$/i;

/** Statements that say nothing of data; to repeat them is no repetition. */
export const isControl = (fingerprint: string): boolean => CONTROL.test(fingerprint);

/** Each text is looked at once: of the latest thousand. */
export function createFingerprints(capacity = 1_000): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const fingerprint = fingerprintOf(text);
    if (known.size >= capacity) known.clear();
    known.set(text, fingerprint);
    return fingerprint;
  };
}
