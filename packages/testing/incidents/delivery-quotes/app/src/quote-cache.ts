export interface Quote {
  readonly zone: string;
  readonly cents: number;
}

const MAX_QUOTES = 500;
const quotes = new Map<string, Quote>();

export const knownQuote = (key: string): Quote | undefined => quotes.get(key);

export function rememberQuote(key: string, quote: Quote): void {
  quotes.set(key, quote);
  const [oldest] = quotes.keys();
  if (quotes.size > MAX_QUOTES && oldest !== undefined) quotes.delete(oldest);
}
