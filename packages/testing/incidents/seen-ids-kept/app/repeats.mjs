const seen = new Set();

/** Senders repeat a batch of which they got no answer. */
export function isRepeated(id) {
  if (seen.has(id)) return true;
  seen.add(id);
  return false;
}
