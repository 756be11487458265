const MAX_QUOTES = 500;
const quotes = new Map();
export const knownQuote = (key) => quotes.get(key);
export function rememberQuote(key, quote) {
    quotes.set(key, quote);
    const [oldest] = quotes.keys();
    if (quotes.size > MAX_QUOTES && oldest !== undefined)
        quotes.delete(oldest);
}
//# sourceMappingURL=quote-cache.js.map