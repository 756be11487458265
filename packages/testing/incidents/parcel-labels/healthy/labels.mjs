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

export function printBatch(from, count) {
  return Array.from({ length: count }, (_, index) => labelFor(parcelOf(from + index)));
}

const codeOf = ({ carrier, id }) => `${carrier.slice(0, 2).toUpperCase()}${String(id).padStart(10, '0')}`;

const addressLines = ({ address: { name, street, city, country } }) => [name, street, `${country}-${city}`];
