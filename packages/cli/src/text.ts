// Text that came from another process, made fit for a terminal: nothing in it can move the cursor or fake a line.

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to go
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g;

/** On one line, at most `maxLength` characters. */
export function plain(text: string, maxLength = 2_000): string {
  const line = text.replace(controls, ' ').trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
}

/** `1 operator`, `2 operators`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
