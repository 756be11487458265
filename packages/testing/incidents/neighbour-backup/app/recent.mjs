// Codes of the newest labels, for the packing desk's screen.
const KEPT = 50;

const codes = [];

export function remember(code) {
  codes.push({ code, at: Date.now() });
  if (codes.length > KEPT) codes.shift();
}

export const recentLabels = () => codes;
