import { nextNumber } from './numbers.mjs';
import { isWelcome } from './screening.mjs';
import { reserve } from './stock.mjs';

const MAX_LINES = 2_000;

export async function acceptOrder({ buyer, lines }) {
  if (!Array.isArray(lines) || lines.length > MAX_LINES) throw new Error('too many lines');
  const priced = lines.map((line) => ({ ...line, cents: line.amount * (199 + (line.sku % 700)) }));
  if (!(await isWelcome(buyer))) throw new Error('the buyer was not accepted');
  reserve(priced);
  return nextNumber(buyer, priced);
}
