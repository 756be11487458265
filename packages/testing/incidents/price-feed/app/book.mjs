export const symbols = ['AAX', 'BRL', 'CTN', 'DGL', 'EPS', 'FRM'];

const book = new Map(symbols.map((symbol) => [symbol, { symbol, cents: 1_000, at: 0 }]));

export const priceOf = (symbol) => book.get(symbol);

export function setPrices(symbol, cents) {
  book.set(symbol, { symbol, cents, at: Date.now() });
}
