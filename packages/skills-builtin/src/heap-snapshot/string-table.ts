// The strings of a snapshot, each cut to its first characters and kept as bytes outside of the JavaScript heap: the
// strings of an app can be as large as its heap.
import { growing } from './growing.ts';

const KEPT = 200;
const QUOTE = 34;
const BACKSLASH = 92;
const CLOSE = 93;

export interface StringTable {
  /** Reads on in the list of strings from `at`; returns where it ended, or -1 when the text did not reach its end. */
  read(text: string, at: number): number;
  string(index: number): string;
}

export function createStringTable(): StringTable {
  const bytes = growing(Uint8Array, 1 << 16);
  const starts = growing(Uint32Array, 1 << 12);
  let isInside = false;
  let isEscaped = false;
  let kept = 0;
  const keep = (text: string, from: number, to: number): void => {
    const end = Math.min(to, from + KEPT - kept);
    for (let at = from; at < end; at += 1) bytes.push(text.charCodeAt(at));
    kept += Math.max(0, end - from);
  };
  const inside = (text: string, from: number): number => {
    for (let at = from; ; ) {
      const quote = text.indexOf('"', at);
      const end = quote === -1 ? text.length : quote;
      const isCovered = hasOddBackslashes(text, { from, end, isEscaped });
      if (quote !== -1 && isCovered) {
        at = quote + 1;
        continue;
      }
      keep(text, from, end);
      isInside = quote === -1;
      isEscaped = isInside && isCovered;
      return isInside ? end : quote + 1;
    }
  };
  return {
    read(text, from) {
      let at = from;
      while (at < text.length) {
        if (isInside) {
          at = inside(text, at);
          continue;
        }
        const code = text.charCodeAt(at);
        at += 1;
        if (code === CLOSE) return at;
        if (code !== QUOTE) continue;
        isInside = true;
        kept = 0;
        starts.push(bytes.length);
      }
      return -1;
    },
    string(index) {
      const all = starts.taken();
      const start = all[index];
      if (start === undefined) return '';
      const raw = Buffer.from(bytes.taken().subarray(start, all[index + 1] ?? bytes.length)).toString(
        'latin1',
      );
      return unescaped(raw);
    },
  };
}

/** Whether what stands at `end` is escaped; `isEscaped` tells whether that is so at `from`. */
function hasOddBackslashes(
  text: string,
  { from, end, isEscaped }: { from: number; end: number; isEscaped: boolean },
): boolean {
  let at = end;
  while (at > from && text.charCodeAt(at - 1) === BACKSLASH) at -= 1;
  return (end - at) % 2 === (at === from && isEscaped ? 0 : 1);
}

function unescaped(raw: string): string {
  if (!raw.includes('\\')) return raw;
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    // Cut within an escape.
    return raw.replace(/\\[^\\]{0,5}$/, '');
  }
}
