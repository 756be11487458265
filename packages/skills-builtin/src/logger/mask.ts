// A message without what changes from line to line: numbers, ids, addresses, paths, quoted texts. Pure; every
// repetition is bounded, and so is the length that is looked at.

const MAX_LENGTH = 500;
const MAX_TOKENS = 40;

interface Mask {
  readonly mask: string;
  readonly pattern: RegExp;
  /** Without one of these it cannot match: most lines are spared most patterns. */
  readonly needs: RegExp;
}

/** In this order: what contains another kind comes before it. */
const MASKS: readonly Mask[] = [
  {
    mask: '<time>',
    needs: /\d-\d\d-\d/,
    pattern: /\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)?(?:Z\b|[+-]\d\d:?\d\d\b)?/g,
  },
  {
    mask: '<uuid>',
    needs: /[\da-f]-[\da-f]{4}-/i,
    pattern: /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi,
  },
  { mask: '<url>', needs: /:\/\//, pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"'<>`]{1,400}/gi },
  {
    mask: '<email>',
    needs: /\w@\w/,
    pattern: /(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/g,
  },
  {
    mask: '<text>',
    needs: /["'`]/,
    pattern: /"(?:[^"\\]|\\.){0,300}"|(?<!\w)'(?:[^'\\]|\\.){0,300}'(?!\w)|`[^`]{0,300}`/g,
  },
  {
    mask: '<ip>',
    needs: /\d\.\d{1,3}\.\d/,
    pattern: /(?<![\w.:])(?:::ffff:)?\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?(?![\w.])/gi,
  },
  {
    mask: '<ip>',
    needs: /:[\da-f]{0,4}:/i,
    pattern: /(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}(?::?[0-9a-f]{1,4}|:)(?![\w:])|(?<![\w:])::1(?![\w:])/gi,
  },
  {
    mask: '<path>',
    needs: /[/\\]\w/,
    pattern: /(?<![\w/.<])(?:~|\.{1,2}|[A-Za-z]:)?(?:[/\\][\w.@%+~-]{1,100}){2,30}[/\\]?/g,
  },
  {
    mask: '<hex>',
    needs: /\dx[\da-f]|[\da-f]{8}/i,
    pattern: /\b0x[0-9a-f]{1,64}\b|\b(?=[a-f]{0,64}\d)(?=\d{0,64}[a-f])[0-9a-f]{8,64}\b/gi,
  },
  // Digits of a name (`http2`, `utf8`) stay; those of an id (`order4711`) go.
  {
    mask: '<num>',
    needs: /\d/,
    pattern: /(?<![A-Za-z])[+-]?\d{1,30}(?:[.,:]\d{1,30}){0,8}|\d{2,30}/g,
  },
];

/** The first line's words, masked; never empty. */
export function maskedTokens(message: string): readonly string[] {
  let line = message.trimStart().slice(0, MAX_LENGTH);
  const end = line.indexOf('\n');
  if (end !== -1) line = line.slice(0, end);
  for (const { mask, needs, pattern } of MASKS) if (needs.test(line)) line = line.replace(pattern, mask);
  return line.trim().split(/\s+/, MAX_TOKENS);
}
