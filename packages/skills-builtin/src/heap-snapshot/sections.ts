// How the sections of a heap snapshot are read: lists of numbers, and what is passed over. Each reads on in the text
// where it is told, remembers what is between two pieces, and says where its list ended.

/** Returns the position behind the list's end, or -1 when the text did not reach that. */
export type Section = (text: string, at: number) => number;

const ZERO = 48;
const MINUS = 45;
const OPEN = 91;
const CLOSE = 93;
const QUOTE = 34;
const BACKSLASH = 92;

const BATCH_ROWS = 4_096;

/** A flat list of integers, handed on by many rows of `width` at once: a call for each number would be dear. */
export function numbers(width: number, take: (values: Float64Array, rows: number) => void): Section {
  const batch = new Float64Array(BATCH_ROWS * width);
  let filled = 0;
  // What a piece ended within; the loop works on copies, for what a closure shares is dear to write.
  let partial = { value: 0, sign: 1, hasDigits: false };
  const flush = (): void => {
    take(batch, Math.floor(filled / width));
    filled = 0;
  };
  return (text, from) => {
    const { length } = text;
    let { value, sign, hasDigits } = partial;
    for (let at = from; at < length; at += 1) {
      const code = text.charCodeAt(at);
      const digit = code - ZERO;
      if (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        hasDigits = true;
        continue;
      }
      if (code === MINUS) sign = -1;
      if (hasDigits) {
        batch[filled++] = sign * value;
        value = 0;
        sign = 1;
        hasDigits = false;
        if (filled === batch.length) flush();
      }
      if (code !== CLOSE) continue;
      flush();
      return at + 1;
    }
    partial = { value, sign, hasDigits };
    return -1;
  };
}

/** Any list, with what lies in it. */
export function skipped(): Section {
  let depth = 1;
  let isInString = false;
  let isEscaped = false;
  return (text, from) => {
    for (let at = from; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (isEscaped) isEscaped = false;
      else if (isInString && code === BACKSLASH) isEscaped = true;
      else if (code === QUOTE) isInString = !isInString;
      else if (!isInString && code === OPEN) depth += 1;
      else if (!isInString && code === CLOSE) depth -= 1;
      if (depth === 0) return at + 1;
    }
    return -1;
  };
}
