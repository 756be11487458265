// Takes secrets out of everything that leaves the process: by key name and by pattern in texts. Guarantees linear
// time on any input, and leaves code names, paths and positions as they are. What has no known shape and stands
// under no telling name cannot be recognised.
import type { JsonObject, JsonValue } from './json.ts';

const REDACTED = '[redacted]';

/** A copy of `value` without secrets; the shape stays. */
export function redact(value: JsonValue): JsonValue {
  if (typeof value === 'string') return redactText(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(redact);
  const result: Record<string, JsonValue> = {};
  for (const [key, part] of Object.entries(value as JsonObject)) {
    if (part === undefined) continue;
    const safe = isSecretUnder(key, part) ? REDACTED : redact(part);
    Object.defineProperty(result, redactText(key), {
      value: safe,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return result;
}

/** Words of a key that make it secret wherever they stand, and those that do so only at its end. */
const SECRET_ANYWHERE =
  /\b(?:passwords?|passwd|pwd|passphrase|secrets?|authorization|cookies?|credentials?|api ?keys?|access ?key|private ?key|secret ?key|signing ?key|encryption ?key|bearer)\b/;
const SECRET_AT_END =
  /\b(?:passwords?|passwd|pwd|passphrase|secrets?|authorization|cookies?|credentials?|api ?keys?|access ?key|private ?key|secret ?key|signing ?key|encryption ?key|token|jwt|session id|sessionid|pin|cvv|cvc)$/;

/** Figures (`inputTokens`, `passwordLength`) and flags stay; a key that is a file is no name of a secret. */
function isSecretUnder(key: string, value: JsonValue): boolean {
  if (value === null || value === '' || typeof value === 'boolean') return false;
  if (key.length > 80 || key.includes('/') || /\.[cm]?[jt]sx?\b/.test(key)) return false;
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ');
  return SECRET_AT_END.test(words) || (typeof value === 'string' && SECRET_ANYWHERE.test(words));
}

interface Rule {
  readonly pattern: RegExp;
  readonly replace: (match: string, ...groups: string[]) => string;
}

const KEY_WORD =
  '(?:passwords?|passwd|pwd|passphrase|secret|token|api[-_ ]?key|access[-_ ]?key(?:[-_ ]?id)?|private[-_ ]?key|secret[-_ ]?key|credentials?|session[-_ ]?id|jwt)';

// Every repetition is bounded or starts behind a lookbehind of its own class, so no input is scanned twice.
const RULES: readonly Rule[] = [
  {
    pattern: /-----BEGIN [A-Z0-9 ]{1,40}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,40}-----|$)/g,
    replace: () => `${REDACTED} (PEM block)`,
  },
  {
    // Headers carry several parts: everything up to the end of the line or of the quoted text goes.
    pattern:
      /((?:proxy-)?authorization|(?:set-)?cookie)((?:\\{0,2}["'])?\s{0,3}[:=]\s{0,3}(?:\\{0,2}["'])?)(?=[^\s\d])[^\r\n"'\\]{1,4096}/gi,
    replace: (_, name, sign) => `${name}${sign}${REDACTED}`,
  },
  {
    pattern: /\b(bearer|basic)(\s{1,4})([A-Za-z0-9._~+/=-]{8,4096})/gi,
    replace: (match, scheme, gap, token) => (isRandom(token) ? `${scheme}${gap}${REDACTED}` : match),
  },
  {
    pattern: /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g,
    replace: () => `${REDACTED} (JWT)`,
  },
  {
    pattern: /\b(?:AKIA|ASIA|AGPA|AIDA|AROA)[A-Z0-9]{16}\b/g,
    replace: () => `${REDACTED} (AWS key)`,
  },
  {
    pattern: /(?<![\w-])(?:[spr]k[-_]|gh[opsur]_|github_pat_|glpat-|xox[abprs]-|npm_|AIza|SG\.)[\w.-]{16,}/g,
    replace: (match) => (/\d/.test(match) ? `${REDACTED} (key)` : match),
  },
  {
    pattern: /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/?#@:"']{0,256}:[^\s/?#"']{1,256}@/gi,
    replace: (_, scheme) => `${scheme}${REDACTED}@`,
  },
  {
    pattern: new RegExp(
      `(${KEY_WORD})((?:\\\\{0,2}["'])?\\s{0,3}[:=]\\s{0,3})("(?:[^"\\\\]|\\\\.){1,1024}"|'(?:[^'\\\\]|\\\\.){1,1024}'|\\\\{0,2}["']?[^\\s"'\\\\&;,)}\\]]{1,1024})`,
      'gi',
    ),
    replace: (match, word, sign, value) =>
      isSecretAfter(word, sign, value) ? `${word}${sign}${REDACTED}` : match,
  },
  {
    pattern: new RegExp(`(${KEY_WORD}\\W{1,3}(?:is\\W{1,2})?)([A-Za-z0-9+_-]{20,}={0,2})`, 'gi'),
    replace: (match, before, value) => (isRandom(value) ? `${before}${REDACTED}` : match),
  },
  {
    pattern: /(?<![\w.-])[2-6]\d{3}(?:[ -]?\d){9,15}(?![\w-])/g,
    replace: (match) => (isCardNumber(match.replace(/[ -]/g, '')) ? `${REDACTED} (card)` : match),
  },
];

/** `text` without secrets. */
export function redactText(text: string): string {
  let safe = text;
  for (const { pattern, replace } of RULES) safe = safe.replace(pattern, replace);
  return safe;
}

/** `password=…` is always one; `Unexpected token: name` is prose unless the value looks drawn at random. */
function isSecretAfter(word: string, sign: string, value: string): boolean {
  const bare = value.replace(/^\\*["']|["']$/g, '');
  if (bare === '' || bare === REDACTED || /^(?:null|undefined|true|false|\d{1,7}(?::\d+)?)$/.test(bare))
    return false;
  const assigned = sign.includes('=') || /["']/.test(sign) || /^\\*["']/.test(value);
  return assigned || /^pass|^pwd/i.test(word) || isRandom(bare);
}

/** Digits among letters, as no word and no name of code has them: a prefix with a number (`utf8`) is none. */
const isRandom = (token: string): boolean => {
  const digits = token.replace(/\D/g, '').length;
  return (
    (digits >= 3 && /[A-Za-z]/.test(token)) ||
    token.endsWith('=') ||
    (digits >= 16 && token.length === digits)
  );
};

/** By the issuers' prefixes and lengths, so that times in ms or us and ids are not taken for cards. */
function isCardNumber(digits: string): boolean {
  const known =
    /^4(?:\d{12}|\d{15}|\d{18})$|^(?:5[1-5]|2[2-7])\d{14}$|^3[47]\d{13}$|^3(?:0[0-5]|[68]\d)\d{11}$|^35\d{14}$|^6(?:011|4[4-9]\d|5\d\d)\d{12}$/;
  return known.test(digits) && luhn(digits);
}

function luhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
