// Whether a function that takes something (from a pool, a lock) gives it back on all of its ways, as its source tells: it
// gives back on one of them, and on another it returns before that. It reads, it does not parse. Pure.

export interface Taken {
  /** `sessions.acquire`. */
  readonly what: string;
  /** Offsets in the text. */
  readonly takenAt: number;
  readonly leftAt: number;
}

const TAKES =
  /(?<![\w$.#])((?:[\w$]+(?:\.#?[\w$]+)*)\.(?:acquire|checkout|checkOut|borrow|lease|lock|getConnection|connect|reserve))\s*\(/g;
const GIVES = /\b(?:release|giveBack|putBack|checkin|checkIn|unlock|free|destroy|returnTo\w*)\s*\(/g;
const LEAVES = /\b(?:return|throw)\b/g;
const FINALLY = /\bfinally\s*\{/;

/**
 * @param text of the function, its literals and comments blanked
 * @param inner what is written in it as functions of their own, by offsets in the text
 */
export function takenIn(
  text: string,
  inner: readonly { readonly from: number; readonly to: number }[],
): Taken | undefined {
  const own = inner.reduce((left, { from, to }) => blanked(left, from, to), text);
  const gives = offsetsOf(own, GIVES);
  // Given back by nobody here it is handed on; given back by a callback or in the end it is given back on all ways.
  const isElsewhere = offsetsOf(text, GIVES).length > gives.length;
  if (gives.length === 0 || isElsewhere || FINALLY.test(own)) return undefined;
  const [take] = own.matchAll(TAKES);
  if (take === undefined) return undefined;
  const takenAt = take.index;
  const leftAt = offsetsOf(own, LEAVES).find(
    (at) => at > takenAt + take[0].length && !gives.some((give) => give > takenAt && give < endOf(own, at)),
  );
  const isGivenLater = leftAt !== undefined && gives.some((give) => give > endOf(own, leftAt));
  return isGivenLater ? { what: take[1] ?? '', takenAt, leftAt } : undefined;
}

const offsetsOf = (text: string, pattern: RegExp): readonly number[] =>
  [...text.matchAll(pattern)].map(({ index }) => index);

const blanked = (text: string, from: number, to: number): string =>
  text.slice(0, from) + text.slice(from, to).replace(/[^\n]/g, ' ') + text.slice(to);

/** `return pool.release(one)` gives back. */
function endOf(text: string, from: number): number {
  const end = text.slice(from).search(/[;\n]/);
  return end === -1 ? text.length : from + end;
}
