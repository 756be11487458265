// The newest receipts, numbered.
const KEPT = 500;

const receipts = new Map();
let lastNumber = 0;

export function remember(receipt) {
  lastNumber += 1;
  receipts.set(lastNumber, receipt);
  if (receipts.size > KEPT) receipts.delete(lastNumber - KEPT);
  return { number: lastNumber, ...receipt };
}

export const receiptCount = () => receipts.size;
