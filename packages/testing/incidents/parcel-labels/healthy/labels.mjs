import { setImmediate } from 'node:timers/promises';
import { trace, warn } from './log.mjs';
import { parcelOf } from './parcels.mjs';

const MAX_GRAMS = 60_000;

export function labelFor(parcel) {
  trace('parcel read', { id: parcel.id });
  const grams = parcel.items.reduce((sum, item) => sum + item.grams, 0);
  if (grams > MAX_GRAMS) warn('parcel is heavy', { id: parcel.id, grams });
  const label = { code: codeOf(parcel), grams, lines: addressLines(parcel) };
  trace('label made', { id: parcel.id, code: label.code });
  return label;
}

const AT_ONCE = 50;

/** In small parts, so that the counter is served in between. */
export async function printBatch(from, count) {
  const labels = [];
  for (let index = 0; index < count; index += 1) {
    if (index % AT_ONCE === 0) await setImmediate();
    labels.push(labelFor(parcelOf(from + index)));
  }
  return labels;
}

const codeOf = ({ carrier, id }) => `${carrier.slice(0, 2).toUpperCase()}${String(id).padStart(10, '0')}`;

const addressLines = ({ address: { name, street, city, country } }) => [name, street, `${country}-${city}`];
