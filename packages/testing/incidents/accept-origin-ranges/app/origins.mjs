// Who is connecting.
import { ranges } from './ranges.mjs';

export function originOf(address, port) {
  const parts = (address ?? '').split('.').map((part) => part.padStart(3, '0'));
  const key = `${parts.join('.')}:${String(port).padStart(5, '0')}`;
  let partner = 'unknown';
  for (const range of ranges) {
    const isBehind = range.from.localeCompare(key) >= 0;
    if (isBehind && range.from.startsWith(key)) partner = range.partner;
  }
  return partner;
}
