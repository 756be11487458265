// Who is connecting.
import { ranges } from './ranges.mjs';

export function originOf(address, port) {
  const parts = (address ?? '').split('.').map((part) => part.padStart(3, '0'));
  const key = `${parts.join('.')}:${String(port).padStart(5, '0')}`;
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle].from < key) low = middle + 1;
    else high = middle;
  }
  let partner = 'unknown';
  for (let at = low; at < ranges.length && ranges[at].from.startsWith(key); at += 1)
    partner = ranges[at].partner;
  return partner;
}
