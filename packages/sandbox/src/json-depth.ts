// Depth of JSON text without parsing it: deep values would overflow the stack of whoever walks them later.

/** Deeper results and arguments are refused. */
export const maxJsonDepth = 200;

/** Whether `json` (valid JSON text) nests deeper than {@link maxJsonDepth}. */
export function isTooDeep(json: string): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < json.length; i++) {
    const char = json.charCodeAt(i);
    if (inString) {
      if (char === 0x5c) i++;
      else if (char === 0x22) inString = false;
    } else if (char === 0x22) inString = true;
    else if (char === 0x5b || char === 0x7b) {
      if (++depth > maxJsonDepth) return true;
    } else if (char === 0x5d || char === 0x7d) depth--;
  }
  return false;
}
