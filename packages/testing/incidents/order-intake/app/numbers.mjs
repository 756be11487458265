const MAX_NUMBERS = 100;
const numbers = [];
let last = 10_000;

export function nextNumber(buyer, lines) {
  last += 1;
  numbers.push({ number: last, buyer, lines: lines.length });
  if (numbers.length > MAX_NUMBERS) numbers.shift();
  return last;
}

export const lastNumbers = () => numbers.toReversed();
