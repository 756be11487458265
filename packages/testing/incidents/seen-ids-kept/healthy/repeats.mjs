/** A sender gives up long before. */
const REMEMBERED_MS = 1_500;
let seen = new Set();
let earlier = new Set();
let turnedAt = Date.now();

/** Senders repeat a batch of which they got no answer. */
export function isRepeated(id) {
  if (Date.now() - turnedAt > REMEMBERED_MS) {
    earlier = seen;
    seen = new Set();
    turnedAt = Date.now();
  }
  if (seen.has(id) || earlier.has(id)) return true;
  seen.add(id);
  return false;
}
